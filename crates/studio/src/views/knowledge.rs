//! What a story says, as it is shown: each thing with the words that say it.

use serde::Serialize;
use story::knowledge::{Evidence, Graph, GraphEntity, GraphEvent, Told, World};

use super::SpanView;
use crate::{
    desk::Known,
    ports::{PageOf, Remade},
};

/// The words that show something.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Evidence))]
pub struct EvidenceView {
    /// The chapter, scene or episode, from 1.
    pub chapter: u32,
    /// The version of it.
    pub version_id: String,
    /// Its words, which forks share.
    pub content_id: String,
    /// Where they stand in `content_text`.
    pub span: SpanView,
    /// The words.
    pub quote: String,
}

/// Something that holds, and the words that made it so.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Told))]
pub struct ToldView {
    /// What holds: a place, a thing, a fact, a time.
    pub text: String,
    /// Since when.
    pub since: EvidenceView,
}

/// How somebody stands.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CharacterInWorld))]
pub struct PersonView {
    #[allow(missing_docs)]
    pub name: String,
    /// Other names, in lower case.
    pub aliases: Vec<String>,
    #[allow(missing_docs)]
    pub alive: bool,
    /// The words that tell of the death; null while the character lives.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub death: Option<EvidenceView>,
    /// Where the character was last; null where no chapter says.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub place: Option<ToldView>,
    /// What the character has.
    pub holding: Vec<ToldView>,
    /// What the character has learnt, oldest first.
    pub knows: Vec<ToldView>,
    /// The first chapter in which the character acts; null where there is none yet.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub first_seen: Option<u32>,
    /// The last one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub last_seen: Option<u32>,
}

/// How a thing stands.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ItemInWorld))]
pub struct ItemView {
    #[allow(missing_docs)]
    pub name: String,
    /// Who has it; null where nobody does.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub holder: Option<String>,
    /// The words that made it so.
    pub since: EvidenceView,
}

/// What somebody is to somebody.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Relation))]
#[allow(missing_docs)]
pub struct RelationView {
    pub a: String,
    pub b: String,
    /// What `a` is to `b`.
    pub relation: String,
    /// The words that show it first.
    pub since: EvidenceView,
}

/// An open question, or one that was answered.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ThreadInWorld))]
pub struct ThreadView {
    #[allow(missing_docs)]
    pub id: String,
    /// The question in a few words.
    pub title: String,
    /// `open` or `resolved`.
    pub status: &'static str,
    /// The words that put it.
    pub opened: EvidenceView,
    /// The words that moved it last.
    pub moved: EvidenceView,
}

/// The world as of a chapter.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = World))]
pub struct WorldView {
    #[allow(missing_docs)]
    pub workflow_run_id: String,
    /// The last chapter that it knows; 0 before the first.
    pub chapter: u32,
    /// The story's own time; null where no chapter says.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub clock: Option<ToldView>,
    /// By name: whoever the brief names, and whoever acts.
    pub characters: Vec<PersonView>,
    /// By name.
    pub items: Vec<ItemView>,
    /// In the order of the story.
    pub relations: Vec<RelationView>,
    /// In the order in which they were put.
    pub threads: Vec<ThreadView>,
    /// Chapters whose latest words nobody has read yet: of what their earlier words said, what still stands in them counts.
    pub unread: Vec<u32>,
}

/// Someone or something in a story.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Entity))]
#[allow(missing_docs)]
pub struct EntityView {
    pub name: String,
    /// `person`, `place`, `thing`, `group`, or what was read.
    pub kind: String,
    /// Other names, in lower case.
    pub aliases: Vec<String>,
    /// How many chapters speak of it.
    pub chapters: u32,
    /// The words that bring it in.
    pub first: EvidenceView,
}

/// Something that happens in a story.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StoryEvent))]
#[allow(missing_docs)]
pub struct StoryEventView {
    /// What happens, in a sentence.
    pub text: String,
    pub chapter: u32,
    /// Its place among the events of its chapter, from 1.
    pub order: u32,
    /// The story's own time, as the chapter tells it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub story_time: Option<String>,
    pub characters: Vec<String>,
    #[cfg_attr(feature = "openapi", schema(required))]
    pub place: Option<String>,
    /// Whether it is remembered, dreamt or told, and does not happen then.
    pub flashback: bool,
    pub evidence: EvidenceView,
}

/// A page of who and what there is in a story, and what happens: each list goes on with `next_cursor`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KnowledgeGraph))]
pub struct GraphView {
    /// The run that was read; null where the snapshot has no novel with chapters.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub workflow_run_id: Option<String>,
    /// In the order in which the story brings them in.
    pub entities: Vec<EntityView>,
    /// In the order of the story.
    pub relations: Vec<RelationView>,
    /// In the order of the story.
    pub events: Vec<StoryEventView>,
    /// See [`WorldView::unread`].
    pub unread: Vec<u32>,
    /// Where the next page of all three lists begins; null where none goes on.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub next_cursor: Option<String>,
}

/// What was made anew.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Rebuilt))]
pub struct RebuiltView {
    /// The runs whose versions were looked at.
    pub workflow_run_ids: Vec<String>,
    /// Texts of these that somebody has read.
    pub texts: u64,
    /// Facts that were found in them.
    pub facts: u64,
    /// Passages of all texts.
    pub passages: u64,
}

fn evidence(by: &Evidence) -> EvidenceView {
    EvidenceView {
        chapter: by.chapter,
        version_id: by.version_id.clone(),
        content_id: by.content_id.clone(),
        span: by.span.into(),
        quote: by.quote.clone(),
    }
}

fn told(told: &Told) -> ToldView {
    ToldView { text: told.text.clone(), since: evidence(&told.since) }
}

fn relation((a, b, told): &(String, String, Told)) -> RelationView {
    RelationView { a: a.clone(), b: b.clone(), relation: told.text.clone(), since: evidence(&told.since) }
}

/// The world as it is shown.
pub fn world(of: &Known<World>) -> WorldView {
    let world = &of.known;
    let characters = world.people.iter().map(|(name, person)| PersonView {
        name: name.clone(),
        aliases: person.aliases.clone(),
        alive: person.death.is_none(),
        death: person.death.as_ref().map(evidence),
        place: person.place.as_ref().map(told),
        holding: person.holding.iter().map(told).collect(),
        knows: person.knows.iter().map(told).collect(),
        first_seen: person.seen.map(|(first, _)| first),
        last_seen: person.seen.map(|(_, last)| last),
    });
    let items =
        world.items.iter().map(|(name, item)| ItemView { name: name.clone(), holder: item.holder.clone(), since: evidence(&item.since) });
    let mut threads: Vec<_> = world.threads.iter().collect();
    threads.sort_by_key(|(id, thread)| (thread.opened.chapter, thread.opened.span.start, id.as_str()));
    let threads = threads.into_iter().map(|(id, thread)| ThreadView {
        id: id.clone(),
        title: thread.title.clone(),
        status: if thread.open { "open" } else { "resolved" },
        opened: evidence(&thread.opened),
        moved: evidence(&thread.moved),
    });
    WorldView {
        workflow_run_id: of.run_id.clone(),
        chapter: world.chapter,
        clock: world.clock.as_ref().map(told),
        characters: characters.collect(),
        items: items.collect(),
        relations: world.relations.iter().map(relation).collect(),
        threads: threads.collect(),
        unread: of.unread.clone(),
    }
}

/// A page of the graph as it is shown.
pub fn graph(of: Option<&Known<Graph>>, page: &PageOf) -> GraphView {
    let (from, limit) = page.counted();
    let Some(Known { run_id, known: graph, unread }) = of else {
        let (entities, relations, events) = (Vec::new(), Vec::new(), Vec::new());
        return GraphView { workflow_run_id: None, entities, relations, events, unread: Vec::new(), next_cursor: None };
    };
    let more =
        [graph.entities.len(), graph.relations.len(), graph.events.len()].into_iter().any(|length| length > from.saturating_add(limit));
    GraphView {
        workflow_run_id: Some(run_id.clone()),
        entities: graph.entities.iter().skip(from).take(limit).map(entity).collect(),
        relations: graph.relations.iter().skip(from).take(limit).map(relation).collect(),
        events: graph.events.iter().skip(from).take(limit).map(event).collect(),
        unread: unread.clone(),
        next_cursor: more.then(|| format!("{}.0", from + limit)),
    }
}

fn entity(of: &GraphEntity) -> EntityView {
    EntityView {
        name: of.name.clone(),
        kind: of.sort.clone(),
        aliases: of.aliases.clone(),
        chapters: of.chapters,
        first: evidence(&of.first),
    }
}

fn event(of: &GraphEvent) -> StoryEventView {
    StoryEventView {
        text: of.text.clone(),
        chapter: of.by.chapter,
        order: of.order,
        story_time: of.story_time.clone(),
        characters: of.characters.clone(),
        place: of.place.clone(),
        flashback: of.flashback,
        evidence: evidence(&of.by),
    }
}

/// What was made anew, as it is shown.
pub fn rebuilt(workflow_run_ids: Vec<String>, remade: Remade) -> RebuiltView {
    RebuiltView { workflow_run_ids, texts: remade.texts, facts: remade.facts, passages: remade.passages }
}
