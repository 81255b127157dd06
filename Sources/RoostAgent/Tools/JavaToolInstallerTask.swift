import RoostModel

/// `JavaToolInstaller@0`: puts a JDK on PATH and sets `JAVA_HOME` and `JAVA_HOME_VERSION_ARCHITECTURE`.
struct JavaToolInstallerTask: TaskHandler {
    static let reference = TaskReference(
        id: "c0e0b74f-0931-47c7-ac27-7c5a19456a36",
        name: "JavaToolInstaller",
        version: "0.225.3"
    )
    let title = "Java tool installer"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let wanted = work.input("versionSpec") ?? "8"
        let architecture = try work.required("jdkArchitectureOption").lowercased()
        let source = try work.required("jdkSourceOption")
        let home: String
        switch source.lowercased() {
        case "preinstalled":
            home = try await JavaHomes(work: work, architecture: architecture).best(wanted, input: "versionSpec").home
            work.output.writeLine("Use preinstalled JDK from \(home)")
        case "localdirectory":
            work.output.writeLine("Retrieving the JDK from local path.")
            home = try await unpack(wanted, architecture, work)
        case "azurestorage": throw ToolFailure.noSource(source)
        default:
            throw TaskFailure.inputInvalid(
                "jdkSourceOption",
                value: source,
                expected: "PreInstalled or LocalDirectory"
            )
        }
        let named = "JAVA_HOME_\(wanted)_\(architecture)"
        work.output.writeLine("JAVA_HOME is being set to: \(home)")
        work.output.writeLine("\(named) is being set to: \(home)")
        for variable in ["JAVA_HOME", named] { work.command("##vso[task.setvariable variable=\(variable)]\(home)") }
        work.command("##vso[task.prependpath]\(home)/bin")
        return .succeeded
    }

    private func unpack(_ wanted: String, _ architecture: String, _ work: StepWork) async throws -> String {
        let archive = work.place(try work.required("jdkFile"))
        guard FileTree.isFile(archive) else { throw TaskFailure.fileMissing(archive) }
        var target = work.place(try work.required("jdkDestinationDirectory"))
        if work.flag("cleanDestinationDirectory", default: true), FileTree.isFolder(target) {
            if archive.hasPrefix("\(target)/") {
                throw FileFailure.archiveInFolderToClean(archive: archive, folder: target)
            }
            work.output.writeLine("Cleaning destination folder before extraction: \(target)")
            let left = FileTree.empty(target)
            if !left.isEmpty { throw FileFailure.notDeleted(count: left.count) }
        }
        if work.flag("createExtractDirectory", default: true) {
            let name = archive.lastPart.map { $0 == "." ? "_" : $0 }
            target += "/JAVA_HOME_\(wanted)_\(architecture)_\(String(name))"
        }
        let error = FileTree.make(target)
        if error != 0 { throw FileFailure.unwritable(target, error: error) }
        _ = try await ArchiveUnpacking(work: work, overwrites: true).unpack(archive, into: target)
        return try home(in: target, archive)
    }

    /// The folder with `bin/java`: the one the archive was unpacked into, or the only one in it.
    private func home(in folder: String, _ archive: String) throws(ToolFailure) -> String {
        let folders = [folder] + FileTree.names(in: folder).sorted().map { "\(folder)/\($0)" }
        guard let home = folders.first(where: { ExecutableSearch.find("\($0)/bin/java", path: nil) != nil }) else {
            throw .noHome(archive)
        }
        return home
    }
}
