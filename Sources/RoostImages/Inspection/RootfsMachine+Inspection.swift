import Foundation
import RoostModel

extension RootfsMachine {
    /// Looks for packages, programs and the system in the finished image.
    func inspection() async throws -> ImageInventory {
        build.context.say(.step("Looking at what is in the image"))
        return try await trial("inspection") {
            let system = text("/etc/os-release") ?? text("/usr/lib/os-release") ?? ""
            var capabilities = try await tools()
            let release = ImageSystem(osRelease: system)
            capabilities["Agent.OS"] = "Linux"
            capabilities["Agent.OSArchitecture"] = OCILayout.architecture == "arm64" ? "ARM64" : "X64"
            if !release.id.isEmpty { capabilities["Machine.Distribution"] = release.id }
            if !release.version.isEmpty { capabilities["Machine.DistributionVersion"] = release.version }
            capabilities[ImageRecord.capability] = build.link.target
            return ImageInventory(system: release, packages: try await packages(), capabilities: capabilities)
        }
    }

    private func text(_ path: String) -> String? { (try? sandbox())?.wholeText(path) }

    private func packages() async throws -> [ImagePackage] {
        var packages = text("/var/lib/dpkg/status").map(PackageLists.dpkg) ?? []
        packages += (text("/lib/apk/db/installed") ?? text("/usr/lib/apk/db/installed")).map(PackageLists.apk) ?? []
        let answer = try await said("command -v rpm >/dev/null && rpm -qa --queryformat '\(PackageLists.rpmFormat)'")
        return packages + PackageLists.rpm(answer)
    }

    // MARK: Programs

    /// What agents find on PATH, as they would name it.
    private func tools() async throws -> [String: String] {
        let programs = CapabilityTool.all.flatMap(\.programs).joined(separator: ":")
        // Some shells have programs built in, and say only their names.
        let script = """
            IFS=:; set -f; names=\(programs); folders="$PATH"
            for name in $names; do for folder in $folders; do
            if [ -f "$folder/$name" ] && [ -x "$folder/$name" ]; then echo "$name $folder/$name"; break; fi
            done; done
            """
        var paths: [String: String] = [:]
        for line in try await said(script).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            if parts.count == 2, parts[1].hasPrefix("/") { paths[parts[0]] = parts[1] }
        }
        var capabilities: [String: String] = [:]
        for tool in CapabilityTool.all {
            guard let path = tool.programs.lazy.compactMap({ paths[$0] }).first else { continue }
            capabilities[tool.capability] = path
            guard let arguments = tool.versionArguments else { continue }
            capabilities[tool.versionCapability] = VersionText.find(in: try await version(path, arguments))
        }
        return capabilities
    }

    /// How long a program may take to say its version.
    private static let patience = Duration.seconds(10)

    private func version(_ path: String, _ arguments: [String]) async throws -> String {
        try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask { try? await self.said("'\(path)' \(arguments.joined(separator: " ")) </dev/null 2>&1") }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return nil
            }
            let text = try await group.next() ?? nil
            group.cancelAll()
            while let result = await group.nextResult() { _ = result }
            try Task.checkCancellation()
            return text ?? ""
        }
    }

    private func said(_ line: String) async throws -> String {
        let text = Gathered("")
        _ = try await run(MachineCommand(line)) { output in
            if case .output(let line) = output { text.change { $0 += line + "\n" } }
        }
        return text.value
    }
}

extension Sandbox {
    /// More than any list of packages has.
    private static let mostText = 1 << 26

    /// The text of a file inside; nil when there is none that can be read.
    fileprivate func wholeText(_ path: String) -> String? {
        guard let descriptor = try? open(path, O_RDONLY) else { return nil }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard let data = try? file.read(upToCount: Self.mostText) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
