//! The structure tree: headings, paragraphs, lists, tables and figures, which screen readers and
//! copying use (ISO 32000-1, 14.7 and 14.8).

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

/// A node of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NodeId(usize);

/// The standard structure types that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Document,
    Heading(u8),
    Paragraph,
    Quote,
    List,
    Item,
    Label,
    Body,
    Code,
    Table,
    Row,
    HeaderCell,
    Cell,
    Figure,
    Link,
}

impl Role {
    /// Its name in the file.
    pub(super) fn name(self) -> &'static str {
        match self {
            Role::Document => "Document",
            Role::Heading(0 | 1) => "H1",
            Role::Heading(2) => "H2",
            Role::Heading(3) => "H3",
            Role::Heading(4) => "H4",
            Role::Heading(5) => "H5",
            Role::Heading(_) => "H6",
            Role::Paragraph => "P",
            Role::Quote => "BlockQuote",
            Role::List => "L",
            Role::Item => "LI",
            Role::Label => "Lbl",
            Role::Body => "LBody",
            Role::Code => "Code",
            Role::Table => "Table",
            Role::Row => "TR",
            Role::HeaderCell => "TH",
            Role::Cell => "TD",
            Role::Figure => "Figure",
            Role::Link => "Link",
        }
    }
}

#[derive(Debug)]
enum Child {
    Node(NodeId),
    /// A marked piece of a page's content, with the page number from 0.
    Marks {
        page: usize,
        id: usize,
    },
    /// An annotation.
    Annotation {
        page: usize,
        object: ObjectId,
    },
}

#[derive(Debug)]
struct Node {
    role: Role,
    parent: NodeId,
    alt: Option<String>,
    children: Vec<Child>,
}

/// The tree. Children are in reading order.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// For each page, the node of each marked piece.
    marked: Vec<Vec<NodeId>>,
    /// The nodes of annotations, in the order of insertion.
    annotations: Vec<NodeId>,
}

impl Tree {
    pub(super) const ROOT: NodeId = NodeId(0);

    pub(super) fn new() -> Tree {
        let root =
            Node { role: Role::Document, parent: Tree::ROOT, alt: None, children: Vec::new() };
        Tree { nodes: vec![root], marked: Vec::new(), annotations: Vec::new() }
    }

    /// Adds a last child to `parent`.
    pub(super) fn add(&mut self, parent: NodeId, role: Role) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { role, parent, alt: None, children: Vec::new() });
        self.nodes[parent.0].children.push(Child::Node(id));
        id
    }

    /// Sets the alternative text of `node`.
    pub(super) fn describe(&mut self, node: NodeId, alt: &str) {
        self.nodes[node.0].alt = Some(alt.to_string());
    }

    pub(super) fn role(&self, node: NodeId) -> Role {
        self.nodes[node.0].role
    }

    /// The number of a new marked piece on `page` that belongs to `node`.
    pub(super) fn mark(&mut self, node: NodeId, page: usize) -> usize {
        if self.marked.len() <= page {
            self.marked.resize_with(page + 1, Vec::new);
        }
        let id = self.marked[page].len();
        self.marked[page].push(node);
        self.nodes[node.0].children.push(Child::Marks { page, id });
        id
    }

    /// Assigns an annotation to its node; returns the key of the annotation in the parent tree.
    pub(super) fn annotate(
        &mut self,
        node: NodeId,
        page: usize,
        object: ObjectId,
        pages: usize,
    ) -> usize {
        self.nodes[node.0].children.push(Child::Annotation { page, object });
        self.annotations.push(node);
        pages + self.annotations.len() - 1
    }

    /// Writes the tree and returns its root object. Page `n` has the key `n` in the parent tree.
    pub(super) fn write(&self, pdf: &mut Document, pages: &[ObjectId]) -> ObjectId {
        let root = pdf.new_object_id();
        let objects: Vec<ObjectId> = self.nodes.iter().map(|_| pdf.new_object_id()).collect();
        for (at, node) in self.nodes.iter().enumerate() {
            let parent = if at == 0 { root } else { objects[node.parent.0] };
            pdf.set_object(objects[at], self.element(node, parent, &objects, pages));
        }
        let reference = |node: &NodeId| Object::Reference(objects[node.0]);
        let mut numbers: Vec<Object> = Vec::new();
        for page in 0..pages.len() {
            let nodes = self.marked.get(page).map(Vec::as_slice).unwrap_or_default();
            numbers.push(integer(page));
            numbers.push(Object::Array(nodes.iter().map(reference).collect()));
        }
        for (at, node) in self.annotations.iter().enumerate() {
            numbers.push(integer(pages.len() + at));
            numbers.push(reference(node));
        }
        let parents = pdf.add_object(dictionary! { "Nums" => numbers });
        let next = integer(pages.len() + self.annotations.len());
        pdf.set_object(
            root,
            dictionary! {
                "Type" => "StructTreeRoot",
                "K" => objects[0],
                "ParentTree" => parents,
                "ParentTreeNextKey" => next,
            },
        );
        root
    }

    fn element(
        &self,
        node: &Node,
        parent: ObjectId,
        objects: &[ObjectId],
        pages: &[ObjectId],
    ) -> Dictionary {
        let mut element =
            dictionary! { "Type" => "StructElem", "S" => node.role.name(), "P" => parent };
        // Most nodes have all their marks on one page: they name it once and list plain numbers.
        let home = node.children.iter().find_map(|child| match child {
            Child::Marks { page, .. } => Some(*page),
            Child::Node(_) | Child::Annotation { .. } => None,
        });
        if let Some(page) = home {
            element.set("Pg", pages[page]);
        }
        let children = node.children.iter().map(|child| match child {
            Child::Node(id) => Object::Reference(objects[id.0]),
            Child::Marks { page, id } if Some(*page) == home => integer(*id),
            Child::Marks { page, id } => {
                dictionary! { "Type" => "MCR", "Pg" => pages[*page], "MCID" => integer(*id) }.into()
            }
            Child::Annotation { page, object } => {
                dictionary! { "Type" => "OBJR", "Pg" => pages[*page], "Obj" => *object }.into()
            }
        });
        element.set("K", children.collect::<Vec<Object>>());
        if let Some(alt) = &node.alt {
            element.set("Alt", lopdf::text_string(alt));
        }
        if node.role == Role::HeaderCell {
            element.set("A", dictionary! { "O" => "Table", "Scope" => "Column" });
        }
        element
    }
}

/// A count as a PDF number.
pub(super) fn integer(value: usize) -> Object {
    Object::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}
