/// Words that end a noun phrase.
#[rustfmt::skip]
pub(super) const STOP: &[&str] = &[
    "of", "in", "on", "at", "to", "from", "with", "by", "for", "and", "or", "but", "off", "over", "under", "between", "into", "near",
    "who", "that", "which", "is", "was", "are", "were", "has", "had", "will", "must", "can", "when", "where", "while", "before",
    "after", "because", "he", "she", "it", "they", "i", "as", "than", "then", "not", "no", "if", "so", "about", "through", "during",
    "until", "since", "there", "what", "how", "why", "out", "up", "down", "away", "back", "again", "herself", "himself", "itself",
    "themselves", "otherwise", "only", "ever", "just", "once", "else", "this", "one", "be", "been", "did", "does", "do", "have",
    "being", "alone", "aloud", "blind", "too", "also", "along", "behind", "beyond", "across", "whose", "without", "would", "could",
    "may", "might",
];
/// Words that begin a noun phrase.
#[rustfmt::skip]
pub(super) const DETERMINERS: &[&str] = &[
    "the", "a", "an", "her", "his", "their", "its", "my",
];
/// Nouns that name places.
#[rustfmt::skip]
pub(super) const PLACE_HEADS: &[&str] = &[
    "lighthouse", "island", "coast", "village", "town", "city", "harbour", "harbor", "house", "castle", "tower", "church", "station",
    "forest", "wood", "woods", "valley", "mountain", "hill", "river", "lake", "sea", "shore", "beach", "bay", "port", "quay", "inn",
    "tavern", "hotel", "school", "hospital", "farm", "mill", "street", "road", "bridge", "square", "market", "room", "kitchen",
    "cellar", "attic", "library", "office", "ship", "boat", "deck", "palace", "court", "temple", "monastery", "abbey", "cave", "mine",
    "desert", "garden", "yard", "rock", "light", "causeway", "cliff", "point", "colony", "outpost", "moon", "planet", "hall", "gate",
    "wall", "shop", "café", "cafe", "pier", "flat", "apartment", "building", "district", "quarter", "estate", "manor", "cottage",
    "chapel", "cemetery", "graveyard", "theatre", "boathouse", "camp", "fort", "fortress", "prison", "archive", "laboratory", "lab",
    "county", "kingdom", "empire", "country", "region", "camp", "base", "rocks", "pub", "bar", "reef", "tunnel",
];
/// Places that one is in.
#[rustfmt::skip]
pub(super) const INSIDE: &[&str] = &[
    "lighthouse", "village", "town", "city", "harbour", "harbor", "house", "castle", "tower", "church", "forest", "wood", "woods",
    "valley", "inn", "tavern", "hotel", "school", "hospital", "street", "square", "market", "room", "kitchen", "cellar", "attic",
    "library", "office", "palace", "court", "temple", "monastery", "abbey", "cave", "mine", "desert", "garden", "yard", "colony",
    "hall", "shop", "café", "cafe", "flat", "apartment", "building", "district", "quarter", "manor", "cottage", "chapel", "cemetery",
    "graveyard", "theatre", "boathouse", "store", "stables", "armoury", "cloister", "stairwell", "car", "courtyard", "airlock", "hold",
    "galley", "corridor", "dome", "archive", "laboratory", "lab", "prison", "camp", "fort", "fortress", "county", "kingdom", "empire",
    "country", "region",
];
/// Places that one is on.
#[rustfmt::skip]
pub(super) const UPON: &[&str] = &[
    "island", "coast", "shore", "beach", "road", "bridge", "deck", "pier", "quay", "causeway", "cliff", "hill", "rock", "landing",
    "slip", "path", "moon", "planet", "ship", "boat", "river", "lake", "sea", "estate", "farm", "rocks", "reef",
];
/// Nouns that are nothing to hold or to look for.
#[rustfmt::skip]
pub(super) const NOT_THINGS: &[&str] = &[
    "thing", "price", "matter", "drowning", "death", "trail", "trace", "costs", "way", "day", "night", "time", "year", "years", "one", "man", "woman", "people", "story", "novel", "chapter", "end", "part", "lot",
    "moment", "morning", "evening", "week", "life", "world", "first", "last", "same", "other", "others", "kind", "sort", "age",
    "century", "autumn", "winter", "summer", "spring", "truth", "who", "reader", "book", "keeper", "daughter", "son", "father",
    "mother", "brother", "sister", "husband", "wife", "friend", "constable", "inspector", "detective", "captain", "widow", "doctor",
    "girl", "boy", "hero", "heroine", "bottom", "top", "middle", "edge", "side", "inquiry", "hand", "hands", "keeping", "name", "names",
    "blood", "own", "case",
];
