//! Stories about what the offline model reads out of a text.

mod rehearsal;

use rehearsal::extract;
use story::extraction::Holding;

const ALICE: &str = "Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once or twice she had peeped into the book her sister was reading, but it had no pictures or conversations in it, “and what is the use of a book,” thought Alice “without pictures or conversations?”\n\nSo she was considering in her own mind (as well as she could, for the hot day made her feel very sleepy and stupid), whether the pleasure of making a daisy-chain would be worth the trouble of getting up and picking the daisies, when suddenly a White Rabbit with pink eyes ran close by her.\n\nThere was nothing so very remarkable in that; nor did Alice think it so very much out of the way to hear the Rabbit say to itself, “Oh dear! Oh dear! I shall be late!”";

const MANSION: &str = "且说黛玉自那日弃舟登岸时，便有荣国府打发了轿子并拉行李的车辆久候了。这林黛玉常听得母亲说过，他外祖母家与别家不同。黛玉方进入房时，只见两个人搀着一位鬓发如银的老母迎上来，黛玉便知是他外祖母。方欲拜见时，早被他外祖母一把搂入怀中，心肝儿肉叫着大哭起来。\n\n宝玉看罢，因笑道：“这个妹妹我曾见过的。”贾母笑道：“可又是胡说，你又何曾见过他？”宝玉笑道：“虽然未曾见过他，然我看着面善，心里就算是旧相识，今日只作远别重逢，亦未为不可。”";

#[test]
fn rehearsal_reads_alice() {
    let told = extract("en", ALICE, &["Alice", "White Rabbit", "Dinah"]);
    let there: Vec<&str> = told.presence.iter().map(|p| p.character.as_str()).collect();
    assert_eq!(there, ["Alice", "White Rabbit"]);
    assert!(told.deaths.is_empty());
    assert!(told.threads.iter().any(|t| t.title.contains("use of a book")) || told.threads.is_empty());
    assert!(ALICE.contains(&told.fact_digest.chars().take(60).collect::<String>()));
    all_quotes_stand(&told, ALICE);
}

#[test]
fn rehearsal_reads_the_red_mansion() {
    let told = extract("zh", MANSION, &["林黛玉", "黛玉", "宝玉", "贾母", "王熙凤"]);
    let there: Vec<&str> = told.presence.iter().map(|p| p.character.as_str()).collect();
    assert!(there.contains(&"黛玉") && there.contains(&"宝玉") && there.contains(&"贾母") && !there.contains(&"王熙凤"), "{there:?}");
    assert!(told.deaths.is_empty());
    all_quotes_stand(&told, MANSION);
}

fn all_quotes_stand(told: &story::extraction::Extraction, text: &str) {
    let mut sifted = told.clone();
    assert_eq!(sifted.keep_what_is_quoted(text), 0);
    assert!(told.events.len() <= 12 && told.presence.len() <= 12 && told.entities.len() <= 12);
    assert!(!told.fact_digest.is_empty() && !told.tone_digest.is_empty());
}

#[test]
fn rehearsal_reads_deaths_only_where_somebody_dies() {
    let people = ["Mara Vane", "Tobias Crane"];
    let dies =
        |text: &str| extract("en", text, &people).deaths.iter().filter(|d| !d.flashback).map(|d| d.character.clone()).collect::<Vec<_>>();
    assert_eq!(dies("Tobias died before it was light."), ["Tobias Crane"]);
    assert_eq!(dies("Tobias Crane was killed on the rocks."), ["Tobias Crane"]);
    assert_eq!(dies("Somebody had killed Tobias Crane."), ["Tobias Crane"]);
    for text in [
        "Tobias nearly died that winter.",
        "Tobias had not died at all.",
        "Mara said, “Tobias died at sea.”",
        "If Tobias died, nobody would know.",
        "Mara remembered how Tobias died.",
        "Tobias’s father died young.",
        "Tobias watched until the fire died.",
    ] {
        assert!(dies(text).is_empty(), "{text}");
    }
    let people = ["沈青", "顾长风"];
    let dies =
        |text: &str| extract("zh", text, &people).deaths.iter().filter(|d| !d.flashback).map(|d| d.character.clone()).collect::<Vec<_>>();
    assert_eq!(dies("天亮之前，沈青死了。"), ["沈青"]);
    assert_eq!(dies("沈青倒在石阶上，断了气。"), ["沈青"]);
    assert_eq!(dies("有人杀死了沈青。"), ["沈青"]);
    for text in [
        "沈青差点死了。",
        "沈青没有死。",
        "顾长风想起沈青死了的那一夜。",
        "顾长风说：“沈青死了。”",
        "沈青的师父死了。",
        "沈青像是死了一样。",
    ] {
        assert!(dies(text).is_empty(), "{text}");
    }
}

#[test]
fn rehearsal_reads_moves_things_knowledge_and_kin() {
    let told = extract(
        "en",
        "The next morning Mara walked to the lighthouse. Tobias picked up the brass key. Tobias handed the letter to Mara. Mara learned that the lamp had been put out by hand. Edda was Mara’s sister. Who had cut the rope by the slip?",
        &["Mara", "Tobias", "Edda"],
    );
    assert_eq!(told.story_time.as_deref(), Some("The next morning"));
    assert_eq!(told.moves[0].to, "the lighthouse");
    let held: Vec<(&str, &str, Holding)> = told.possessions.iter().map(|p| (p.character.as_str(), p.item.as_str(), p.change)).collect();
    assert_eq!(
        held,
        [("Tobias", "the brass key", Holding::Gains), ("Tobias", "the letter", Holding::Loses), ("Mara", "the letter", Holding::Gains)]
    );
    assert!(told.knowledge[0].fact.contains("put out by hand"));
    assert_eq!((told.relations[0].a.as_str(), told.relations[0].b.as_str()), ("Edda", "Mara"));
    assert_eq!(told.threads[0].title, "Who had cut the rope by the slip?");

    let told = extract(
        "zh",
        "三天后，顾长风来到归雁客栈。沈青拿起断剑。沈青把旧信交给顾长风。顾长风得知龙门之下锁着一个活人。沈青是顾长风的师妹。是谁动过那封信？",
        &["顾长风", "沈青"],
    );
    assert_eq!(told.story_time.as_deref(), Some("三天后"));
    assert_eq!(told.moves[0].to, "归雁客栈");
    let held: Vec<(&str, &str, Holding)> = told.possessions.iter().map(|p| (p.character.as_str(), p.item.as_str(), p.change)).collect();
    assert_eq!(held, [("沈青", "断剑", Holding::Gains), ("沈青", "旧信", Holding::Loses), ("顾长风", "旧信", Holding::Gains)]);
    assert!(told.knowledge[0].fact.contains("活人"));
    assert_eq!((told.relations[0].a.as_str(), told.relations[0].relation.as_str()), ("沈青", "师妹"));
    assert_eq!(told.threads[0].title, "是谁动过那封信？");
}

#[test]
fn rehearsal_reads_another_thing_where_one_sentence_is_another() {
    let one = extract("en", "Mara went to the chapel. Tobias waited in the kitchen. Nobody spoke.", &["Mara", "Tobias"]);
    let other = extract("en", "Mara went to the village. Tobias waited in the kitchen. Nobody spoke.", &["Mara", "Tobias"]);
    assert_ne!(one, other);
    assert_ne!(one.moves, other.moves);
}
