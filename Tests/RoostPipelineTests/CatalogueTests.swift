import RoostLanguage
import Testing

@testable import RoostPipeline

@Suite("The catalogue of the language")
struct CatalogueTests {
    private let schema = PipelineSchema.current

    @Test("every line of the tables was read, and every reference leads somewhere")
    func whole() {
        let lines = SchemaTable.all.split(separator: "\n")
        let own = schema.mappings.values.flatMap(\.keys)
        #expect(lines.count { $0.hasPrefix("mapping ") } == schema.mappings.count)
        #expect(lines.count { $0.hasPrefix("- ") } <= own.count)
        for line in lines {
            #expect(["mapping ", "- ", "+ ", "group "].contains { line.hasPrefix($0) }, "\(line)")
            if line.hasPrefix("+ ") { #expect(schema.mappings[String(line.dropFirst(2))] != nil, "\(line)") }
        }
        for group in schema.groups.values { for id in group.members { #expect(schema.mappings[id] != nil, "\(id)") } }
        for key in own {
            #expect(!key.values.isEmpty && key.documentation.hasSuffix("."), "\(key.name)")
            for case .mapping(let id) in key.values { #expect(schema.mappings[id] != nil, "\(id)") }
            for case .named(let id) in key.values { #expect(schema.mappings[id] != nil, "\(id)") }
            for case .list(let id) in key.values { #expect(!schema.members(id).isEmpty, "\(id)") }
        }
    }

    @Test("each value of the tables is of a known kind")
    func values() {
        let keys = SchemaTable.all.split(separator: "\n").filter { $0.hasPrefix("- ") }
        for line in keys {
            let written = line.split(separator: " ")[2].split(separator: "/").count
            let name = String(line.split(separator: " ")[1])
            let known = schema.mappings.values.flatMap(\.keys).filter { $0.name == name }
            #expect(known.contains { $0.values.count == written }, "\(line)")
        }
    }

    @Test(
        "the compiler accepts the same keys",
        arguments: [
            ("stage", PipelineKeys.stage), ("job", PipelineKeys.job), ("deployment", PipelineKeys.deployment),
            ("rootCommon", PipelineKeys.root), ("rootSteps", PipelineKeys.rootOfSteps), ("pool", PipelineKeys.pool),
            ("matrixStrategy", PipelineKeys.matrixStrategy), ("workspace", PipelineKeys.workspace),
            ("deploymentStrategy", PipelineKeys.deploymentStrategies), ("step", PipelineKeys.step),
            ("resources", PipelineKeys.resources), ("repository", PipelineKeys.repository),
            ("pipelineResource", PipelineKeys.pipelineResource), ("containerResource", PipelineKeys.container),
            ("package", PipelineKeys.package), ("webhook", PipelineKeys.webhook), ("build", PipelineKeys.build),
            ("hooks", PipelineKeys.hooks), ("jobContainer", PipelineKeys.inlineContainer),
        ]
    )
    func sameKeys(_ id: String, _ keys: [String]) {
        #expect(schema.mappings[id].map { Set($0.keys.map(\.name)) } == Set(keys))
    }

    @Test("the compiler accepts the same keys for each kind of step", arguments: StepKind.allCases)
    func sameSteps(_ kind: StepKind) {
        let keys = Set([kind.rawValue] + PipelineKeys.step + kind.keys)
        #expect(schema.mappings[kind.rawValue].map { Set($0.keys.map(\.name)) } == keys)
        #expect(schema.mappings[kind.rawValue]?.firstKey?.name == kind.rawValue)
    }

    @Test("parameters have the types the compiler knows")
    func types() {
        #expect(schema.mappings["parameter"]?.key("type")?.values == [.words(ParameterType.allCases.map(\.rawValue))])
    }

    @Test("every line of the tasks was read")
    func tasks() {
        let lines = TaskTable.all.flatMap { $0.split(separator: "\n") }
        let catalogue = TaskManual.current
        #expect(lines.count { $0.hasPrefix("task ") } == catalogue.tasks.count)
        #expect(lines.count { $0.hasPrefix("- ") } == catalogue.tasks.flatMap(\.inputs).count)
        for task in catalogue.tasks {
            #expect(task.documentation.hasSuffix("."), "\(task.reference)")
            for input in task.inputs {
                #expect(input.documentation.hasSuffix("."), "\(task.reference) \(input.name)")
                if case .words(let words) = input.kind, let value = input.defaultValue {
                    #expect(words.contains(value), "\(task.reference) \(input.name)")
                }
            }
        }
    }

    @Test("an input has what its line says")
    func input() throws {
        let task = try #require(TaskManual.current.task("archivefiles@2.1"))
        let tar = try #require(task.input("tarcompression"))
        #expect(tar.kind == .words(["gz", "bz2", "xz", "none"]))
        #expect(tar.defaultValue == "gz" && tar.condition == "archiveType = tar" && !tar.isRequired)
        let format = try #require(TaskManual.current.task("PublishTestResults@2")?.input("testRunner"))
        #expect(format.name == "testResultsFormat" && format.isRequired)
        #expect(TaskManual.current.task("Bash@9") == nil && TaskManual.current.task("Bash") == nil)
    }

    @Test("every function of expressions is documented, with as many parameters as it takes")
    func functions() throws {
        let status = ["always", "canceled", "failed", "succeeded", "succeededOrFailed", "counter"]
        let names = Set(FunctionTable.compileTime.names + FunctionTable.runTime.names + status)
        #expect(Set(FunctionDocumentation.all.map(\.name)) == names)
        for function in FunctionDocumentation.all {
            guard let real = FunctionTable.compileTime[function.name] else { continue }
            let isOpen = function.parameters.last == "..."
            let count = function.parameters.count - (isOpen ? 1 : 0)
            #expect(isOpen == (real.arity.upperBound == Int.max), "\(function.name)")
            #expect(isOpen ? count >= real.arity.lowerBound : real.arity.contains(count), "\(function.name)")
        }
    }

    @Test("predefined variables are told apart by when they have a value")
    func variables() throws {
        #expect(PredefinedVariable.all.count > 90)
        #expect(PredefinedVariable.named("build.sourcebranch")?.isKnownAtCompileTime == true)
        #expect(PredefinedVariable.named("Build.BuildNumber")?.isKnownAtCompileTime == false)
        #expect(Set(PredefinedVariable.all.map { $0.name.lowercased() }).count == PredefinedVariable.all.count)
    }
}
