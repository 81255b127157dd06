/// What a Packer template of HCL2 is made of: its files, and where values of its variables come from.
public struct PackerInput: Sendable {
    /// A value given on the command line: `-var name=text`.
    public struct Argument: Hashable, Sendable {
        public var name: String
        public var text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// `*.pkr.hcl` and after them `*.pkr.json`, which make one configuration.
    public var templates: [HCLFile]
    /// `*.auto.pkrvars.hcl` and after them `*.auto.pkrvars.json`, which are read without being named.
    public var automaticFiles: [HCLFile]
    /// Files of values that are named, in their order.
    public var variableFiles: [HCLFile]
    public var arguments: [Argument]
    /// Values for those variables that are declared.
    public var offered: OfferedVariables
    /// `PKR_VAR_name` gives a value, and defaults may look at everything.
    public var environment: [String: String]
    /// What other servers keep, as far as it is known; defaults ask for it.
    public var lookups: TemplateLookups
    /// Whether data sources are evaluated; else what they give is unknown.
    public var evaluatesDataSources: Bool
    /// The folder of the template as it was named.
    public var root: String
    public var workingFolder: String

    public init(
        templates: [HCLFile],
        automaticFiles: [HCLFile] = [],
        variableFiles: [HCLFile] = [],
        arguments: [Argument] = [],
        offered: OfferedVariables = OfferedVariables(),
        environment: [String: String] = [:],
        lookups: TemplateLookups = TemplateLookups(),
        evaluatesDataSources: Bool = false,
        root: String = ".",
        workingFolder: String = "/"
    ) {
        self.templates = templates
        self.automaticFiles = automaticFiles
        self.variableFiles = variableFiles
        self.arguments = arguments
        self.offered = offered
        self.environment = environment
        self.lookups = lookups
        self.evaluatesDataSources = evaluatesDataSources
        self.root = root
        self.workingFolder = workingFolder
    }
}
