"""Recognises folder names that are a kind of product, as a shop or a contest sorts its photos."""

from __future__ import annotations

import re

_KINDS = """
bag handbag purse wallet clutch tote backpack rucksack crossbody luggage suitcase pouch
shoe boot bootie sneaker trainer sandal heel pump flat loafer slipper mule footwear
clothing clothes apparel fashion dress skirt shirt tshirt blouse top trouser pant jean jacket coat sweater
hat cap belt scarf glove watch jewelry jewellery necklace earring bracelet glasses sunglasses eyewear accessory
furniture chair table sofa lamp toy book cosmetic electronic
tasche taschen schuh schuhe stiefel kleidung sac chaussure bolso bolsa zapato borsa borse scarpa scarpe
가방 핸드백 백팩 지갑 파우치 구두 신발 운동화 여성화 남성화 부츠 샌들 슬리퍼
의류 옷 모자 벨트 시계 안경 액세서리 악세서리 잡화
여성가방 남성가방 여성구두 남성구두 여성신발 남성신발 여성잡화 남성잡화 여성의류 남성의류
バッグ 鞄 かばん 靴 シューズ 財布 包 包包 手提包 箱包 钱包 鞋 鞋子 女鞋 男鞋 女包 男包
"""
_WHOSE = """
and the of for s woman women womens lady ladies man men mens girl boy kid child children unisex
여성 남성 여자 남자 아동 여성용 남성용
"""
_KIND_WORDS, _OTHER_WORDS = frozenset(_KINDS.split()), frozenset(_WHOSE.split())
_CATEGORY = re.compile(r"(?:category|categorie|cat|kategorie|분류|카테고리)[0-9]*")


def is_category(folder: str) -> bool:
    """Says whether each level of the folder's path names a kind of product: 'bags', "Women's shoes", 'category_2'.

    'bag1' and 'red bags' are names of products, not of kinds.
    """
    return all(_is_kind(level) for level in folder.split("/"))


def _is_kind(level: str) -> bool:
    words = [word for word in re.split(r"[\W_]+", level.casefold()) if word]
    if words and _CATEGORY.fullmatch("".join(words)):
        return True
    kinds = [word for word in words if not _forms(word) & _OTHER_WORDS]
    return bool(kinds) and all(_forms(word) & _KIND_WORDS for word in kinds)


def _forms(word: str) -> set[str]:
    """Returns the word as it is, and without the ending of a plural."""
    return {word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}
