"""The choice and its address: a link reproduces what its sender saw, and no address breaks anything."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim.base.text.text_encodings import ENCODINGS
from shopsim.catalog.forms.folder_forms import FORMS
from shopsim.catalog.labels.contradictions import WAYS
from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.grouping.addable import addable_to, usual_share
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.spaces import spaces
from shopsim.spaces.fusion import MOST_ADDED
from shopsim.ui.choice import Choice, from_address, to_address

REGISTRIES = {"extractor": extractors, "space": spaces, "clusterer": clusterers}
PARAMETERS = [
    *(
        "folder",
        "form",
        "labels",
        "encoding",
        "category",
        "copies",
        "contradicted",
        "at",
        "strict",
        "tuned",
        "expect",
        "add",
        "share",
        *REGISTRIES,
    ),
    *(
        f"{kind}.{setting.name}"
        for kind, registry in REGISTRIES.items()
        for name in registry.names()
        for setting in registry.entry(name).settings
    ),
]
HOSTILE = ["nan", "inf", "-inf", "-1", "1e999", "", " ", "\0", "9" * 5000, "../../etc", "<b>", "true", "None", "[1]"]

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40)


@st.composite
def named_settings(draw, kind):
    """A registered name with some of its settings off their defaults, as the sidebar gives them."""
    registry = REGISTRIES[kind]
    name = draw(st.sampled_from(registry.names()))
    values = {}
    for setting in registry.entry(name).settings:
        value = draw(setting_values(setting))
        if value != setting.default:
            values[setting.name] = value
    return {kind: name, f"{kind}_settings": values}


def setting_values(setting):
    """Any value the field takes."""
    if setting.options:
        return st.sampled_from(setting.options)
    if isinstance(setting.default, bool):
        return st.booleans()
    if isinstance(setting.default, int):
        return st.integers(setting.low, setting.high)
    if isinstance(setting.default, float):
        return st.floats(setting.low, setting.high, allow_nan=False, allow_infinity=False)
    return texts


@st.composite
def choices(draw):
    """Any choice a visitor can make."""
    named = {name: value for kind in REGISTRIES for name, value in draw(named_settings(kind)).items()}
    added = draw(st.sampled_from(["", *addable_to(named["extractor"])]))
    return Choice(
        folder=draw(texts),
        form=draw(st.sampled_from([None, *FORMS, "vectors"])),
        labels=draw(st.none() | texts),
        encoding=draw(st.sampled_from([None, *ENCODINGS])),
        category=draw(st.none() | texts),
        tuned=draw(st.just("") | texts),
        expect=draw(st.none() | st.floats(1, 1e6)),
        copies=draw(st.booleans()),
        contradicted=draw(st.sampled_from(["", *WAYS])),
        strict=draw(st.booleans()),
        added=added,
        share=draw(st.floats(0, MOST_ADDED, exclude_min=True)) if added else Choice.share,
        value=draw(st.none() | st.floats(allow_nan=False, allow_infinity=False)),
        **named,
    )


def automatic_choices():
    """Any choice of photos whose grouping nobody has chosen."""
    return (
        choices()
        .map(lambda choice: Choice(choice.folder, category=choice.category, copies=choice.copies))
        .map(Choice.as_automatic)
    )


@given(choices() | automatic_choices())
def test_a_link_reproduces_what_its_sender_saw(choice):
    link = urlencode(to_address(choice))
    assert from_address(dict(parse_qsl(link, keep_blank_values=True))) == choice


def test_the_automatic_choice_needs_no_address():
    assert to_address(Choice(automatic=True)) == {}
    assert from_address({}) == Choice(automatic=True)


def test_a_choice_by_hand_names_all_of_it_since_other_machines_have_other_defaults():
    assert to_address(Choice()) == {"extractor": "color_shape", "space": "whitened", "clusterer": "average"}


@pytest.mark.parametrize(
    "address", [{"space": "raw"}, {"at": "0.4"}, {"tuned": "mine"}, {"strict": "1"}, {"space.strength": "0.3"}]
)
def test_a_link_of_an_earlier_version_means_what_it_meant(address):
    choice = from_address(address)
    assert not choice.automatic
    assert choice.extractor == "color_shape"


@pytest.mark.parametrize("address", [{"folder": "/photos"}, {"category": "bags", "copies": "0"}, {"form": "contest"}])
def test_an_address_of_photos_alone_is_automatic(address):
    choice = from_address(address)
    assert choice.automatic
    assert to_address(choice) == address


def test_a_threshold_is_never_automatic():
    assert not Choice(automatic=True).with_value(0.4).automatic
    assert Choice(automatic=True).with_value(None).automatic


def test_an_automatic_choice_keeps_the_photos_and_nothing_of_how_they_were_grouped():
    choice = Choice("/photos", category="bags", copies=False, tuned="mine", expect=3.0, strict=True, value=0.4)
    assert to_address(choice.as_automatic()) == {"folder": "/photos", "category": "bags", "copies": "0"}


def test_own_vectors_are_kept_in_the_address():
    choice = Choice(folder="/photos/vectors.npy", extractor=OWN_VECTORS)
    assert from_address(to_address(choice)) == choice


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:8]))
def test_a_hostile_value_gives_a_choice_that_can_be_carried_out(text):
    for parameter in PARAMETERS:
        assert_sound(from_address({parameter: text}))
    assert_sound(from_address(dict.fromkeys(PARAMETERS, text)))


@given(st.dictionaries(st.sampled_from(PARAMETERS) | st.text(max_size=8), st.text(max_size=30)))
def test_no_address_breaks(address):
    assert_sound(from_address(address))


def assert_sound(choice):
    """Known names, values their fields take, and a link of its own."""
    assert "\0" not in choice.folder
    assert choice.expect is None or 1 <= choice.expect <= 1e6
    for kind, registry in REGISTRIES.items():
        name = getattr(choice, kind)
        if name == OWN_VECTORS:
            continue
        fields = {setting.name: setting for setting in registry.entry(name).settings}
        for setting, value in getattr(choice, f"{kind}_settings").items():
            assert fields[setting].parse(value) == value
    assert choice.added in ("", *addable_to(choice.extractor))
    assert 0 < choice.share <= MOST_ADDED
    spaces.create(choice.space, **choice.space_settings)
    clusterers.create(choice.clusterer, **choice.clusterer_settings)
    assert from_address(to_address(choice)) == choice


@pytest.mark.parametrize("parameter", ["extractor", "space", "clusterer", "form"])
@pytest.mark.parametrize("text", ["no-such-name", "-1", "Average", "own vectors", "wccn"])
def test_a_name_that_cannot_be_chosen_falls_back_to_the_default(parameter, text):
    assert from_address({parameter: text}) == Choice(automatic=parameter == "form")


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e999", "", "eighty", "0x1", "0.5;0.6"])
def test_a_threshold_that_is_no_number_falls_back(text):
    assert from_address({"at": text}).value is None


def test_a_setting_of_another_algorithm_is_ignored():
    assert from_address({"clusterer": "average", "clusterer.photos_per_model": "5"}) == Choice()


@pytest.mark.parametrize("text", ["0", "-1", "100001", "seventy", "7.5", "nan"])
def test_a_setting_out_of_range_or_of_another_type_falls_back(text):
    address = {"clusterer": "kmeans", "clusterer.photos_per_model": text}
    assert from_address(address) == Choice(clusterer="kmeans")


def test_another_threshold_changes_nothing_else():
    choice = Choice(folder="/photos", clusterer="single", copies=False)
    assert choice.with_value(0.5) == replace(choice, value=0.5)
    assert choice.with_value(0.5).recipe == choice.recipe


@pytest.mark.parametrize("text", ["0", "-0.3", "0.95", "1", "nan", "inf", "half", "30 %", ""])
def test_a_share_that_is_none_is_the_usual_one(text):
    choice = from_address({"extractor": "color_shape", "add": "mobilenet_v2", "share": text})
    assert (choice.added, choice.share) == ("mobilenet_v2", usual_share("mobilenet_v2"))


@pytest.mark.parametrize("name", ["", "mobilenet", "image_signature", "tfhub", "fine_tuned", OWN_VECTORS, "\0"])
def test_an_extractor_that_cannot_be_added_is_not(name):
    address = {"extractor": "image_signature", "share": "0.3"}
    assert from_address(address | {"add": name}) == Choice(extractor="image_signature")


def test_nothing_is_added_to_own_vectors_since_photos_may_be_absent():
    assert from_address({"extractor": OWN_VECTORS, "add": "color_shape"}) == Choice(extractor=OWN_VECTORS)
