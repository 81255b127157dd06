/// A template of JSON as it is written, before values are known.
struct PackerJSONSyntax: Sendable {
    struct Text: Sendable {
        var text: String
        var range: HCLRange
    }

    /// A key that begins with an underscore.
    struct Comment: Sendable {
        var name: String
        var text: String
        var range: HCLRange
    }

    struct Variable: Sendable {
        var name: String
        var nameRange: HCLRange
        /// Nil when a value has to be given.
        var defaultValue: Text?
    }

    struct Builder: Sendable {
        var type: Text
        /// A text template; nil is called like its type.
        var name: Text?
        var settings: [HCLJSONNode.Property]
        /// The object.
        var range: HCLRange

        /// As `only` and `override` know it.
        var rawName: String { name?.text ?? type.text }
    }

    /// A provisioner or a post-processor.
    struct Step: Sendable {
        struct Override: Sendable {
            var build: Text
            var settings: [HCLJSONNode.Property]
            var range: HCLRange
        }

        var type: Text
        var name: Text?
        var only: [Text] = []
        var except: [Text] = []
        var overrides: [Override] = []
        var pauseBefore = Duration.zero
        var timeout = Duration.zero
        /// As they are written.
        var pauseText: String?
        var timeoutText: String?
        var retries = 0
        var keepsInputArtifact: Bool?
        var settings: [HCLJSONNode.Property]
        /// The object, or the name alone.
        var range: HCLRange
    }

    var description: Text?
    var minimumVersion: Text?
    var comments: [Comment] = []
    /// Keys that Packer accepts without effect.
    var ignored: [HCLJSONNode.Property] = []
    var variables: [Variable] = []
    var sensitiveVariables: [Text] = []
    var builders: [Builder] = []
    var provisioners: [Step] = []
    var errorCleanup: Step?
    /// Chains.
    var postProcessors: [[Step]] = []
}

extension PackerJSONSyntax.Step {
    /// Whether it is done for a build that is called so.
    func applies(to names: [String]) -> Bool {
        if !only.isEmpty { return only.contains { names.contains($0.text) } }
        return !except.contains { names.contains($0.text) }
    }
}
