"""Groups product photos by product model, without a browser. Scripts may rely on everything said here.

FOLDER is a folder of photos, a .npy with an img_paths.txt beside it, or the word `demo` for the built-in demo
(a folder called demo that exists goes first).

Results go to stdout, progress and files left out to stderr. With --json stdout is exactly one line, one JSON
object (benchmark: one line a catalogue); floats have full precision, and what is not known is null. Files are
written whole or not at all.
A run that is stopped or killed keeps what it has finished (features, trees, settings that Auto has tried, passes of
training), and the same command goes on from there.

Exit code: 0 done; 1 failed or stopped, with one sentence on stderr; 2 wrong usage. benchmark reports what it can
and ends with 1, with a sentence for each catalogue it cannot score.

Fields of the JSON objects:
  command              demo, extract, group, evaluate, export, benchmark, compare, review, tune or learn
  problems             [{name, reason, left_out}]: files left out; left_out is false for a photo that is used though
                       it is damaged
  catalog, folder      what was opened: its name, its absolute path (demo: the folder drawn into)
  form, reason         how the folder was recognised (table, contest, folders, split-folders, lowest-folders,
                       inner-folders, middle-folders, upper-folders, plain, vectors), and why
  n_images             photos with features that were extracted or grouped; evaluate: photos in the files
  n_labelled, n_models photos whose true model is known, and how many models those are
  n_copies             byte-equal photos beyond the first of each set (0 with --no-copies, unless --contradicted both
                       keeps one per model)
  n_contradicted       byte-equal photos that are filed under different models, whatever --contradicted does with them
  n_wrong_labels       demo: photos that carry another model's name on purpose
  extractor, space, clusterer                             the names chosen
  extractor_settings, space_settings, clusterer_settings  {name: value}, defaults included
  extractor_key        everything that changes the features' numbers; n_features: numbers a photo
  n_computed, n_known, seconds  extract: photos computed now, photos known from before, and the time it took
  space_note           what the space did, one sentence
  control, threshold   what the clustering is cut by (similarity, count, resolution) and the value taken
  measure              the control in a word: for tuned settings agreement, the share of their groupings that agree
  tuned_on             what that value was chosen on: tuned on these photos, a guess without labels, nothing
                       tuned (all defaults), a guess for models of M photos, tuned on 'CATALOGUE', not
                       known (given, or settings were; evaluate)
  strict               whether groups were split until any two photos of one are as similar as the threshold
  n_chained            groups whose least similar photos are nearer to any two photos of the catalogue than to the
                       threshold (none left if strict); null where the control is no such threshold
  n_trained_on         of the photos grouped, how many a trained network was trained on: it knows their models, and
                       scores flatter it; null for any other extractor
  n_groups, n_singletons        groups, and groups of one photo
  notes                evaluate: which photos only one of the files names, and what encoding a file was read in
  ari                  adjusted Rand index over the labelled photos, like all scores null without labels
  pair_precision, pair_recall, pair_f1  of the pairs of photos put together
  tp, fp, fn, tn       unordered pairs: right together, wrong together, wrong apart, right apart
  ami, homogeneity, completeness, v_measure  further scores, as scikit-learn computes them
  categories           [{category, the counts and scores above}], each over its own photos only
  files                absolute paths of the files written

Further fields of review's (those of group are there too):
  suspects             [{image_id, model, suggested, score, evidence, decision}], the surest errors first: the given
                       and the suggested model, score from 0.5 (in doubt) to 1, evidence a sentence, decision what was
                       decided on the Review page: accepted, not wrong, or null
  min_score            the score from which on suspects are listed
  n_wrong_estimated    photos filed wrongly, by estimate; n_fits_nowhere: photos unlike every model, no suspects
  n_accepted, ari_corrected  corrections accepted on the Review page, and ari with them

Further fields of tune's, and of group's with --tuned-on (space, clusterer and their settings are then those that
count most):
  tuned_settings       absolute path of the folder of the settings
  sentence             the choice
  trials               [{what, score, threshold, size_power, prior_weight, seconds}], best first: mean ARI on validation
                       models and the rule of the cut, or as threshold the one value that a clusterer without such
                       rules is cut at; score null for what there was no time or memory to try
  validation_ari       the best of these; n_validation: photos of the validation models grouped at once, on average
  added_extractors     extractors fused with the one named
  shares               {extractor: its share of the similarity} of what counts most; added_space and
                       added_space_settings: the space of those added there, which may be another than space
  held_out             with --held-out {held_out, low, high, baseline, tuned, held_out_photos}: mean ARI on held-out
                       models, its 95 % interval, the baseline's, ours had the cut been chosen on the scored photos, and
                       how many photos were grouped at a time; else null

Further fields of learn's:
  learn                metric or network; sentence: what learning brought on validation models
  depth                how much of the network was trained: last, most or all; null for a metric
  n_images, n_models   photos and models that were learnt from
  network              name of the network that was trained, an extractor from now on (--extractor fine_tuned
                       --network NAME); null for a metric
  tuned_settings       absolute path of the settings that group by what was learnt: group NEW --tuned-on PLACE
  passes, curve        passes of training kept, and [{loss, ari, recall_at_1, map_at_r}] on validation models from
                       before the first pass on; null for a metric
  held_out             {n_images, n_models, baseline_ari, before, after, image_ids}, before and after being {ari, low,
                       high, recall_at_1, labels_pred} on models that had no part in anything; null with --all-models
  seconds              the time it took

Fields of benchmark's, all scores being means over folds of models that nothing was tuned on:
  baseline_ari         of K-means on the unnormalised features, K from the tuning models' photos a model
  ari, precision, recall, f1  ours, the last three of the pairs of photos put together
  interval             [low, high], 95 % of ari by a bootstrap over models
  error_ratio          (1 - ari) / (1 - baseline_ari), null where the baseline is perfect
  tuned_ari            ari had the threshold been chosen on the scored photos: what that would flatter
  added_extractors     extractors that may be fused with the one named
  folds                [{the counts and scores of the held-out models, sentence, threshold, recipe, added,
                       added_space, added_space_settings, inner_ari, n_tried}]; sentence tells the choice; of n_tried
                       candidates the best has this recipe (space, clusterer, their settings), shares of the
                       similarity for the extractors added and the space these are put in, threshold, and inner_ari
                       on validation models
  learn                what was learnt anew in every fold, metric or network; null without --learn
  depth                how much of the networks was trained: last, most or all; null without --learn network
  how, seed            how the models were split, and the seed of folds, K-means and interval

Fields of compare's, scored as benchmark scores but for the counts, which are sums over folds:
  rows                 [{extractor, space, clusterer, ari, interval, tuned_ari, error_ratio, precision, recall,
                       n_groups, n_models, n_images, seconds, title, reason}], the best first; title names a row
                       that is no setting, such as the contest baseline; reason why a row has no scores

Environment: SHOPSIM_CACHE (what can be computed again), SHOPSIM_HOME (what cannot), SHOPSIM_MODEL_DIR (network
weights), SHOPSIM_ROOTS (folders the app may open beyond localhost), SHOPSIM_ADMIN_TOKEN (secret of an app that
others reach).

A network that --handle or tuned settings name is a program: it is fetched and loaded only with --trust-network, or
once it was trusted on a page. Networks in SHOPSIM_MODEL_DIR and those trained here need no consent.
"""
