/// A template of Packer with one source and one build, before it is written.
struct PackerDocument {
    /// A variable that has to be given.
    struct Variable {
        var name: String
        var description: String?
        var isSensitive: Bool
    }

    /// A value of an option.
    indirect enum Value {
        /// A text in which `<name>` stands for a variable, where the name is one of these.
        case text(String, variables: Set<String>)
        /// A text that is a template of Go already.
        case template(String)
        /// What a running build knows: `build.User` of HCL2, and the same of JSON.
        case build(String)
        case number(HCLNumber)
        case truth(Bool)
        case list([Value])
        /// A map, in the order of its names.
        case map([(String, Value)])
        /// A block; more than one of a name follow each other.
        case block([(String, Value)])
    }

    struct Step {
        var type: String
        var options: [(String, Value)]
    }

    /// Of the build.
    var name: String?
    var sourceType: String
    var sourceName: String
    /// Lines that say what has to be known, written before the source.
    var comments: [String]
    var variables: [Variable]
    var options: [(String, Value)]
    var steps: [Step]
}
