"""Corrections: what people say of groups, kept in the workspace, and what it means for a clustering.

An action is one thing that a person did. It names photos by their keys (`catalog/photo_keys.py`), so it holds at every
threshold, for every extractor, and in a moved folder. Every action has parts, which are lists of photos; the most
central photo of a group comes first. What an action says:

- same: all its photos show one model. Two photos, or two groups that are merged.
- different: the first photos of any two parts show different models. Two photos, or two groups.
- move: the photos of part 1 show the model of part 2, the group that they go to. The first photo of part 3, the group
  that they leave, shows another model.
- split: the photos of part 1 show one model. No photo of part 2, the rest of their group, shows it.
- divide: the first photos of any two parts show different models. The parts are what a higher threshold makes of a
  group.
- name, approve: nothing that a clustering must respect. The group is found again by its photos (`marks.py`).

"Same" is closed transitively, and "different" holds for whole closures (`clusterers/bindings.py`).

Three rules decide what several actions mean together:

1. What a person says of two single photos is firm.
2. What a person says of whole groups holds for each of their photos until a later action takes that photo out: by a
   move, a split, or a division, of which the largest part stays. So a wrong photo of a merged group can be moved on.
3. Whatever then contradicts each other is refused, with the chain of photos that leads to it, and nothing is changed.

A group that a photo is moved to, and groups that are merged, stay together at every threshold. The rest of a group
that was split or divided does not: it still follows the threshold.
"""
