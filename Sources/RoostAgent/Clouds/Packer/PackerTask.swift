import RoostModel

/// `Packer@1`: packer with the identity of a service connection; builds, checks and looks are done by `roost image`.
struct PackerTask: TaskHandler {
    static let reference = TaskReference(
        id: "b3c6bb07-1292-44e7-9ec9-b211fc98b6d2",
        name: "Packer",
        version: "1.185.0"
    )
    let title = "Packer"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        try await work.withPackerFiles { try await run(work, $0) }
    }

    private func run(_ work: StepWork, _ files: PackerFiles) async throws -> TaskResult {
        let command = (work.input("command") ?? "build").lowercased()
        switch command {
        case "build":
            let run = PackerRun(work, try await connection(work, files))
            let force = work.flag("force") ? ["-force"] : []
            let (result, facts) = try await run.build(force + values(work, files) + template(work))
            for (name, value) in facts.sorted(by: { $0.key < $1.key }) {
                run.set(name, value)
                run.set(name, value, isOutput: true)
            }
            return result
        case "validate", "inspect":
            let run = PackerRun(work, try await connection(work, files))
            return try await run.roost(command, values(work, files) + template(work))
        default:
            // What packer does by itself needs no credentials.
            let place = work.input("templatePath") == nil ? work.words("options") : try template(work)
            return try await PackerRun(work, .none).packer([command] + place)
        }
    }

    private func connection(_ work: StepWork, _ files: PackerFiles) async throws -> PackerConnection {
        switch try work.word("connectedServiceType", of: ["none", "azure", "aws"], default: "azure") {
        case "azure": try await .azure("connectedServiceAzure", ["azureSubscription"], work, files)
        case "aws": try .aws("connectedServiceAWS", work, files)
        default: .none
        }
    }

    /// Values go by files, since others can read arguments.
    private func values(_ work: StepWork, _ files: PackerFiles) throws -> [String] {
        var words: [String] = []
        if let text = work.input("variables") {
            words += ["--values-from", try files.write(text + "\n", to: "variables")]
        }
        if let file = work.input("variables-file") {
            let path = work.place(file)
            // The folder of the sources stands for no file.
            if !FileTree.isFolder(path) {
                guard FileTree.isFile(path) else { throw TaskFailure.fileMissing(path) }
                words.append("-var-file=\(path)")
            }
        }
        return words
    }

    /// Options, and after them the template.
    private func template(_ work: StepWork) throws -> [String] {
        let path = work.place(try work.required("templatePath"))
        guard FileTree.exists(path) else { throw TaskFailure.fileMissing(path) }
        return work.words("options") + [path]
    }
}
