import Foundation

/// Brings files into the machine, or out of it.
struct FileProvisioner: ImageProvisioner {
    func key(_ work: StepWork) async throws -> StepKey? {
        guard try !isDownload(work) else { return nil }
        let fetched = try work.text("source_uri").map { [try work.fetched($0)] } ?? []
        return try StepFingerprint.key(work, files: fetched + sources(work))
    }

    func provision(_ work: StepWork) async throws {
        let destination = try work.text("destination") ?? ""
        if let content = try work.text("content") {
            work.say("Uploading content => \(destination)")
            return try await work.machine.upload(.bytes(Array(content.utf8), mode: 0o644), to: destination)
        }
        if let address = try work.text("source_uri") {
            work.say("Uploading \(FetchAddress.shown(address)) => \(destination)")
            return try await work.machine.upload(.file(work.fetched(address)), to: destination)
        }
        for source in try sources(work) {
            if try isDownload(work) {
                try await download(source, to: destination, work)
            } else {
                try await upload(source, to: destination, work)
            }
        }
    }

    private func isDownload(_ work: StepWork) throws -> Bool { try work.text("direction") == "download" }

    private func sources(_ work: StepWork) throws -> [String] {
        try (work.texts("source") + work.texts("sources")).filter { !$0.isEmpty }
    }

    private func upload(_ source: String, to destination: String, _ work: StepWork) async throws {
        let path = work.path(source)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ImageBuildFailure.file(path: source, reason: "it is not there")
        }
        work.say("Uploading \(source) => \(destination)")
        guard !isFolder.boolValue else {
            return try await work.machine.upload(
                .folder(path, contentsOnly: source.hasSuffix("/")),
                to: destination
            )
        }
        let name = (path as NSString).lastPathComponent
        try await work.machine.upload(.file(path), to: destination.hasSuffix("/") ? destination + name : destination)
    }

    private func download(_ source: String, to destination: String, _ work: StepWork) async throws {
        work.say("Downloading \(source) => \(destination)")
        let place = work.path(destination)
        guard !destination.hasSuffix("/"), !source.hasSuffix("/") else {
            try Self.makeFolder(place)
            return try await work.machine.download(source, to: place)
        }
        // The file gets another name than it has in the machine.
        let folder = (place as NSString).deletingLastPathComponent
        let middle = "\(folder)/.roost-\(ShellScript.number())"
        try Self.makeFolder(middle)
        defer { try? FileManager.default.removeItem(atPath: middle) }
        try await work.machine.download(source, to: middle)
        let name = (source as NSString).lastPathComponent
        guard rename("\(middle)/\(name)", place) == 0 else {
            throw ImageBuildFailure.file(path: destination, reason: String(cString: strerror(errno)))
        }
    }

    private static func makeFolder(_ path: String) throws(ImageBuildFailure) {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw .file(path: path, reason: error.localizedDescription)
        }
    }
}
