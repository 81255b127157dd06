/// A part of a text template.
indirect enum TextTemplateNode: Sendable, Hashable {
    case text(String)
    case action(TextTemplatePipeline)
    case branch(TextTemplatePipeline, then: [TextTemplateNode], otherwise: [TextTemplateNode])
    case with(TextTemplatePipeline, then: [TextTemplateNode], otherwise: [TextTemplateNode])
    case range(TextTemplatePipeline, body: [TextTemplateNode], otherwise: [TextTemplateNode])
    /// A named template, put in with a value.
    case inclusion(String, TextTemplatePipeline?, Range<Int>)
    case leave(Range<Int>)
    case next(Range<Int>)
}

/// Commands of which each gets the value of the one before as its last argument.
struct TextTemplatePipeline: Sendable, Hashable {
    /// Variables that get the value, with their dollar signs.
    var variables: [String] = []
    /// Whether they are there already.
    var isAssignment = false
    var commands: [TextTemplateCommand]
    /// Offsets of bytes of the text.
    var range: Range<Int>
}

/// A function with its arguments, or a value alone.
struct TextTemplateCommand: Sendable, Hashable {
    var words: [TextTemplateOperand]
    var range: Range<Int>
}

/// A word of a command.
struct TextTemplateOperand: Sendable, Hashable {
    indirect enum Form: Sendable, Hashable {
        case dot
        case constant(TextTemplateValue)
        /// With its dollar sign; `$` alone is what the whole template was given.
        case variable(String)
        case function(String)
        case group(TextTemplatePipeline)
    }

    var form: Form
    /// What is taken out of it, one after the other.
    var fields: [String] = []
    var range: Range<Int>
}

/// A text template that was read.
struct TextTemplateSyntax: Sendable, Hashable {
    var nodes: [TextTemplateNode] = []
    /// Named templates that the text defines.
    var definitions: [String: [TextTemplateNode]] = [:]
}
