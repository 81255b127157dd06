import RoostContent
import RoostModel

/// What tasks that build with Java have in common.
struct JavaBuild {
    let work: StepWork
    /// What results of tests are said to come from.
    let system: String

    /// The step with `JAVA_HOME` and options of the program in its environment.
    func prepared(_ variable: String, _ options: String?) async throws -> StepWork {
        var values: [String: String] = [:]
        if let options { values[variable] = options }
        if let home = try await javaHome() {
            work.output.writeLine("JAVA_HOME is \(home)")
            values["JAVA_HOME"] = home
            values["PATH"] = "\(home)/bin:\(work.environment["PATH"] ?? ExecutableSearch.defaultPath)"
        }
        return work.adding(values)
    }

    /// Nil leaves it as the machine has it.
    private func javaHome() async throws -> String? {
        let selection = work.input("javaHomeOption", "javaHomeSelection")?.lowercased() ?? "jdkversion"
        if selection == "path" {
            guard let given = work.input("jdkDirectory", "jdkUserInputDirectory", "jdkUserInputPath") else {
                throw TaskFailure.inputMissing("jdkDirectory")
            }
            let home = work.place(given)
            guard FileTree.isFolder(home) else { throw FileFailure.folderMissing(home, input: "jdkDirectory") }
            return home
        }
        guard let version = work.input("jdkVersionOption", "jdkVersion"), version.lowercased() != "default" else {
            return nil
        }
        // `1.17` is version 17.
        let wanted = version.hasPrefix("1.") ? String(version.dropFirst(2)) : version
        let architecture = work.input("jdkArchitectureOption", "jdkArchitecture") ?? ToolCache.architecture
        return try await JavaHomes(work: work, architecture: architecture).best(wanted, input: "jdkVersionOption").home
    }

    /// Says which inputs have no effect here.
    func warnOfMissing(_ inputs: [String]) {
        for name in inputs where !["false", "none"].contains(work.input(name)?.lowercased() ?? "none") {
            work.report(.warning, "The input '\(name)' has no effect: agents here do not carry it out.")
        }
    }

    /// Shows the files of results with the run, after the build, however it ended.
    func publishResults(_ pattern: String) throws {
        guard work.flag("publishJUnitResults", default: true), work.stop.reason == nil else { return }
        let pattern = work.input("testResultsFiles") ?? pattern
        let found = try FoundFiles(work.base, pattern, options: PatternOptions(), work)
        let files = try found.collect(followingLinks: true) { !$0.isFolder && !$0.isBroken }
        guard !files.isEmpty else {
            work.report(
                .warning,
                "No test result files matching '\(pattern)' were found, so publishing JUnit test results is being skipped."
            )
            return
        }
        var values = [
            ("type", "JUnit"), ("mergeResults", "false"), ("publishRunAttachments", "true"),
            ("resultFiles", files.map(\.place).joined(separator: ",")), ("failTaskOnFailedTests", "false"),
            ("testRunSystem", system),
        ]
        if let title = work.input("testRunTitle") { values.append(("runTitle", title)) }
        let properties = values.map { "\($0)=\(Self.escaped($1))" }.joined(separator: ";")
        work.command("##vso[results.publish \(properties)]")
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("%", with: "%AZP25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
            .replacing("]", with: "%5D").replacing(";", with: "%3B")
    }
}
