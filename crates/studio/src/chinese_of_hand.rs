use story::phrases::Phrases;

/// What is said of forks, edits, locks, draws, rewrites and the bin, for a reader of Chinese.
pub const CHINESE_OF_HAND: &Phrases = &[
    ("Chapter", "章"),
    ("Scene", "场"),
    ("Episode", "集"),
    ("chapter", "章"),
    ("scene", "场"),
    ("episode", "集"),
    ("lock", "锁"),
    ("committed step", "已提交的步骤"),
    // Locks.
    ("A reason has between 1 and 1,000 characters.", "理由须有 1 到 1,000 个字符。"),
    ("Say in a few words why these words are to stay.", "请用几个字说明为什么要保留这些文字。"),
    ("Take some away, or lock the whole text.", "请去掉一些，或锁定全文。"),
    ("A text has at most {} locks.", "一份文本最多有 {} 把锁。"),
    (
        "Spans count characters from 0, the end exclusive; leave `span` out to lock the whole text.",
        "范围从 0 数字符，不含末位；不写 `span` 则锁定全文。",
    ),
    ("The span is empty: its end must be beyond its start.", "范围是空的：末尾须在开头之后。"),
    ("The span ends at {}; the text has {} characters.", "范围到 {} 为止，而文本只有 {} 个字符。"),
    ("The span holds nothing but white space.", "范围里只有空白。"),
    (
        "Leave those words as they are, or take the lock away first: `fabulist artifacts unlock{}`.",
        "请保留这些文字，或先去掉锁：`fabulist artifacts unlock{}`。",
    ),
    ("The whole text is locked: {}.", "全文已锁定：{}。"),
    ("“{}” is locked: {}.", "“{}”已锁定：{}。"),
    ("The text cannot be kept: {}", "文本不能收下：{}"),
    ("Try again, choose a stronger model, or take the lock away.", "请再试、换一个更强的模型，或去掉锁。"),
    (
        "Take the lock away and try the step again, or put the locked words back into the draft. A redo is given up by removing `redo` from \
         the state.",
        "请去掉锁再试这一步，或把锁定的文字放回草稿。从状态中去掉 `redo` 即放弃重写。",
    ),
    // Draws.
    ("Step {} has no candidate {}; it has {}, counted from 1.", "第 {} 步没有候选 {}；它有 {} 份，从 1 数起。"),
    ("Name one of those that the step lists.", "请指明该步列出的一份。"),
    ("Step {}, {}, has not written several drafts.", "第 {} 步（{}）没有写多份草稿。"),
    ("Ask for several with `next` and `candidates` when a draft comes next.", "下一步是草稿时，请用 `next` 加 `candidates` 要求多份。"),
    ("There are between 1 and 8 candidates.", "候选为 1 到 8 份。"),
    ("Correct the number, or leave it out for 1.", "请改正数目，或不写，即 1 份。"),
    ("The next step is {}, which writes no draft: there is nothing to choose from.", "下一步是 {}，它不写草稿，没有可选的。"),
    ("Leave it out now, and ask for several when a draft comes next.", "这次请不写，等下一步是草稿时再要求多份。"),
    ("What step {} has drafted is not in hand any more.", "第 {} 步写的草稿已不在手上。"),
    (
        "Its candidates are still there to be read: put the text that you want in as a version, or fork the run at that step and choose there.",
        "它的候选仍可查阅：请把想要的文本作为新版本放入，或从那一步另起分支再选。",
    ),
    // Redo, and texts of a person.
    ("{} {} is not committed yet.", "第 {1} {0}还没有收下。"),
    ("Change its plan or its draft instead; redo is for what is kept.", "请改它的规划或草稿；重写只用于已收下的。"),
    ("{} {} is being redone.", "第 {1} {0}正在重写。"),
    ("Let it be written first, or give it up by removing `redo` from the state.", "请先让它写完，或从状态中去掉 `redo` 以放弃。"),
    ("{} {} was redone after this one was written.", "写成之后，第 {1} {0}又被重写。"),
    (
        "Read it again: what it takes from there may not be so any more. Redo it too, or leave it.",
        "请重读：它取自那里的内容可能已不成立。可以也重写它，或保留不动。",
    ),
    (
        "A person wrote version {} of this text meanwhile; the draft is still in hand. To resume keeps the person's text; to resume with \
         `accept` puts the draft over it.",
        "其间有人写了这一文本的版本 {}；草稿仍在手上。继续即保留人写的文本；用 `accept` 继续则以草稿取代它。",
    ),
    ("Compare the two, then resume the run, with `accept` or without.", "请比较两者，再让运行继续，用或不用 `accept`。"),
    ("it was changed meanwhile", "其间它已被改动"),
    ("Read it again, and make the change of what is there now.", "请重新读取，再据现状修改。"),
    (
        "Novels have chapters, scripts scenes, adaptations episodes: `novel_chapter`, `script_scene`, `script_episode`.",
        "小说有章，剧本有场，改编有集：`novel_chapter`、`script_scene`、`script_episode`。",
    ),
    ("This kind of artifact does not belong to the run.", "这种文本不属于该运行。"),
    ("The run's plan has no {} {}.", "运行的规划里没有第 {1} {0}。"),
    ("Let the run make its plan first, or name one that the plan has.", "请先让运行做好规划，或指明规划里有的。"),
    ("Send the chapter's text.", "请给出这一章的文本。"),
    // Rewrites.
    ("The instructions are empty.", "要求是空的。"),
    (
        "Paragraphs count from 1, spans count characters from 0 with the end exclusive; leave both out for the whole text.",
        "段落从 1 数起；范围从 0 数字符，不含末位；都不写即全文。",
    ),
    ("This text belongs to no run any more, so there is no model to rewrite it.", "这一文本已不属于任何运行，没有模型可以改写它。"),
    ("Put a version of your own in its place, or bring it into a run by importing it.", "请放入自己的版本，或用导入把它带进一次运行。"),
    ("The answer cannot be used: {}.", "回答不能用：{}。"),
    (
        "Nothing was changed. Say more exactly what is to be different, or choose a stronger model.",
        "没有作任何改动。请更确切地说明哪里要改，或换一个更强的模型。",
    ),
    // Forks, comparisons, proposals.
    ("No step has succeeded yet: fork at 0, or leave `at_step` out.", "还没有成功的步骤：请从 0 另起分支，或不写 `at_step`。"),
    ("There is no run {}.", "没有运行 {}。"),
    ("Name another run to compare with.", "请指明另一次运行来比较。"),
    ("There is no version {}.", "没有版本 {}。"),
    ("Name another version of the text.", "请指明该文本的另一个版本。"),
    ("Have one made with `dry_run`, and name it.", "请用 `dry_run` 做一份，再指明它。"),
    ("Name the id of one of its steps.", "请指明它某一步的编号。"),
    // A process that died.
    ("The process that worked on this step is gone.", "执行这一步的进程已不在。"),
    ("Nothing that was paid for is lost; the step runs again.", "已付费的都没有丢失；这一步会再执行。"),
    ("It is not carried out by itself: its person may have gone. Say it again.", "它不会自行执行：提出的人可能已离开。请再说一遍。"),
    ("The process died {} times in a row at this step.", "进程在这一步连续死了 {} 次。"),
    ("Read the server's log; then try the step again with `next`.", "请查看服务器日志，再用 `next` 重试这一步。"),
];
