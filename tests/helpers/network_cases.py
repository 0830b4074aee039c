"""Networks that tests name: files that look like one, and every way the command line takes to name one."""

import argparse

from shopsim.cli.main import _parser


def write_saved_model(folder, weights=b"weights"):
    """Files of the right names, which is all that is looked at before TensorFlow starts."""
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(b"graph")
    (folder / "variables/variables.index").write_bytes(b"index")
    (folder / "variables/variables.data-00000-of-00001").write_bytes(weights)
    return folder


def save_writing_network(folder, witness, side):
    """A SavedModel that gives mean colours, and writes the witness whenever it runs; its folder."""
    from shopsim.features.networks.saved_model import import_tensorflow

    tf = import_tensorflow()

    @tf.function(input_signature=[tf.TensorSpec((None, side, side, 3), tf.float32)])
    def rows(photos):
        tf.io.write_file(str(witness), "it ran")
        return tf.reduce_mean(photos, axis=(1, 2))

    module = tf.Module()
    module.rows = rows
    tf.saved_model.save(module, str(folder), {"serving_default": rows})
    return folder


def ways_to_name_a_network():
    """(command, how it is named), as the parser has them: a command that is added is tried too.

    how: `handle`, or `tuned-on` for settings whose extractor is a network.
    """
    return [
        (name, how)
        for name, parser in _commands().items()
        for how in ("handle", "tuned-on")
        if f"--{how}" in parser._option_string_actions
    ]


def arguments_of(command, how, place, folder, out):
    """A command line that names a network by its place; folder: of labelled photos."""
    named = ["--extractor", "tfhub", "--handle", place] if how == "handle" else ["--tuned-on", place]
    given = []
    for action in _commands()[command]._actions:
        if not action.option_strings:
            given.append(folder)
        elif action.required or "--out" in action.option_strings:
            given += [action.option_strings[-1], action.choices[-1] if action.choices else out]
    return [command, *given, *named]


def _commands():
    parsers = next(each for each in _parser()._actions if isinstance(each, argparse._SubParsersAction))
    return parsers.choices
