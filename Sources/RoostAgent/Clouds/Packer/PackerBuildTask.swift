import FoundationEssentials
import RoostContent
import RoostModel

/// `PackerBuild@1`: an image of a template, or of a package and a script that is put together to one.
struct PackerBuildTask: TaskHandler {
    static let reference = TaskReference(
        id: "845fd4f4-642d-4694-8514-047948a5a556",
        name: "PackerBuild",
        version: "1.242.0"
    )
    let title = "Build machine image"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        try await work.withPackerFiles { try await run(work, $0) }
    }

    private func run(_ work: StepWork, _ files: PackerFiles) async throws -> TaskResult {
        let isBuiltIn = try work.word("templateType", of: ["builtin", "custom"], default: "builtin") == "builtin"
        let words = isBuiltIn ? try ownTemplate(work, files) : try await givenTemplate(work, files)
        let names = ["ConnectedServiceName", "azureSubscription"]
        let hasConnection = names.contains { work.input($0) != nil }
        let connection =
            isBuiltIn || hasConnection
            ? try await PackerConnection.azure(names[0], [names[1]], work, files) : .none
        let run = PackerRun(work, connection)
        let (result, facts) = try await run.build(["-force"] + words)
        if result == .succeeded { try tell(facts, run, isDisk: isBuiltIn && !work.isManaged) }
        return result
    }

    // MARK: Templates

    private func ownTemplate(_ work: StepWork, _ files: PackerFiles) throws -> [String] {
        let template = try PackerBuiltInTemplate(work)
        let text = String(decoding: try JSONEncoder().encode(template.document), as: UTF8.self)
        return [try files.write(text, to: "template.json")]
    }

    private func givenTemplate(_ work: StepWork, _ files: PackerFiles) async throws -> [String] {
        let path = work.place(try work.required("customTemplateLocation"))
        guard FileTree.exists(path) else { throw TaskFailure.fileMissing(path) }
        try await checkVersion(work)
        let text = work.input("customTemplateParameters") ?? "{}"
        guard let values = try? JSONDecoder().decode([String: PlainJSON].self, from: Data(text.utf8)) else {
            throw PackerTaskFailure.notJSON(input: "customTemplateParameters", expected: "a JSON object")
        }
        let json = String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
        return ["-var-file=\(try files.write(json, to: "parameters.json"))", path]
    }

    private func checkVersion(_ work: StepWork) async throws {
        guard let wanted = work.input("packerVersion") else { return }
        let program = try work.program("packer", package: "packer")
        let said = try await work.answer(of: program, ["--version"]) ?? ""
        let found = said.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? "none"
        let bare = found.hasPrefix("v") ? String(found.dropFirst()) : found
        guard bare == wanted else { throw PackerTaskFailure.wrongVersion(wanted: wanted, found: bare) }
    }

    // MARK: Outputs

    /// Sets the variables that the inputs name.
    private func tell(_ facts: [String: String], _ run: PackerRun, isDisk: Bool) throws {
        if let name = run.work.input("imageId"), !isDisk {
            guard let id = facts["ManagedImageId"] else {
                throw PackerTaskFailure.outputMissing(input: "imageId", fact: "ManagedImageId")
            }
            run.set(name, id)
        }
        guard let name = run.work.input("imageUri") else { return }
        let fact = isDisk ? "OSDiskUri" : "ManagedImageName"
        guard let value = facts[fact] ?? facts["OSDiskUri"] else {
            throw PackerTaskFailure.outputMissing(input: "imageUri", fact: fact)
        }
        run.set(name, value)
    }
}

extension StepWork {
    var isManaged: Bool { flag("isManagedImage", default: true) }
}
