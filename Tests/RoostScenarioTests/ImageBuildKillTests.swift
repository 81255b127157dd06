import CRoostLinux
import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// Builds that are killed leave nothing on the machine once the next one has begun.
@Suite("Image builds that are killed", .timeLimit(.minutes(5)), .enabled(if: BusyboxTree.program != nil))
struct ImageBuildKillTests {
    /// A phase, by what the build says when it is in it.
    enum Phase: String, CaseIterable, CustomTestStringConvertible {
        case base = "Reading the base"
        case provisioning = "the step has begun"
        case between = "the second step"
        case testing = "the test has begun"
        case inspection = "Looking at what is in the image"
        case packing = "Packing"
        case publishing = "Publishing"
        case disk = "Making the disk"

        var testDescription: String { rawValue }

        /// The options of what is written, and its file.
        var output: (options: String, file: String) {
            self == .disk
                ? ("output = \"agent.raw\"\n  format = \"raw\"", "agent.raw")
                : ("output = \"agent.tar.gz\"", "agent.tar.gz")
        }
    }

    private static func template(_ phase: Phase) -> String {
        """
        source "roost-rootfs" "agent" {
          base   = "base"
          \(phase.output.options)
          shared_image_gallery_destination {
            gallery_name = "agents"
            image_name   = "debian"
          }
          test {
            name   = "waits"
            inline = ["echo the test has begun", "sleep 0.2"]
          }
        }
        build {
          sources = ["source.roost-rootfs.agent"]
          provisioner "shell" { inline = ["echo the step has begun", "sleep 300 & sleep 0.2; kill $!", "head -c 8000000 /dev/urandom > /big"] }
          provisioner "shell" { inline = ["echo the second step", "echo 1 > /one"] }
        }

        """
    }

    private static func with(
        _ phase: Phase,
        _ body: @Sendable @escaping (TestCluster) async throws -> Void
    ) async throws {
        try await TestCluster.with { cluster in
            try BusyboxTree.make("\(cluster.folder.path)/base")
            try Data(template(phase).utf8).write(to: URL(filePath: "\(cluster.folder.path)/a.pkr.hcl"))
            for words in [
                ["gallery", "create", "agents"],
                [
                    "image-definition", "create", "agents", "debian", "--publisher", "p", "--offer", "o", "--sku", "s",
                    "--os-type", "linux",
                ],
            ] {
                let made = try await program(cluster, words).finished()
                #expect(made.code == 0, "\(made.output)")
            }
            try await body(cluster)
            // What was made in a sandbox may belong to others.
            _ = try ShortCommand.run(["rm", "-rf", "\(cluster.folder.path)/cache"])
        }
    }

    private static func program(_ cluster: TestCluster, _ words: [String]) throws -> ChildProgram {
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1"]
        return try ChildProgram("roost", words, environment: environment, folder: cluster.folder.path)
    }

    private static let build = ["image", "build", "-force", "--cache-folder", "cache", "a.pkr.hcl"]

    /// Processes whose root, folder or command line is of a build here.
    private static func processes(of folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { pid in
            guard Int(pid) != nil, pid != "\(getpid())" else { return false }
            let places = ["cwd", "root"].compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/\($0)")
            }
            let mounts = (try? String(contentsOfFile: "/proc/\(pid)/mountinfo", encoding: .utf8)) ?? ""
            return places.contains { $0.hasPrefix("\(folder)/cache") } || mounts.contains("\(folder)/cache")
        }
    }

    @Test(
        "in any phase, no process or mount stays, and the next build removes what lay on the disk",
        arguments: Phase.allCases
    )
    func killed(_ phase: Phase) async throws {
        try await Self.with(phase) { cluster in
            let folder = cluster.folder.path
            let doomed = try Self.program(cluster, Self.build)
            try await doomed.line(with: phase.rawValue)
            doomed.send(SIGKILL)
            await doomed.end()
            // The kernel ends what was in the sandbox; it may take a moment after the build's own end.
            try await Self.empty(of: folder)
            #expect(!(try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)).contains(folder))

            let next = try await Self.program(cluster, Self.build).finished()
            #expect(next.code == 0, "\(next.output)")
            for place in ["work", "ledger"] {
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache/\(place)") == [])
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("agent.") }
            #expect(files == [phase.output.file])
            // The killed build may have published its version already, and no other number is lost.
            let versions = try await cluster.client.imageVersions(gallery: "agents", definition: "debian")
            #expect((1...2).contains(versions.count))
            #expect(versions.allSatisfy { $0.properties?.provisioningState == "Succeeded" })
        }
    }

    /// Waits for the last process of a build.
    private static func empty(of folder: String) async throws {
        for pid in processes(of: folder).compactMap({ pid_t($0) }) {
            let handle = roost_pidfd_open(pid)
            guard handle >= 0 else { continue }
            defer { close(handle) }
            var source = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
            #expect(poll(&source, 1, 30_000) == 1, "process \(pid) stays")
        }
        #expect(processes(of: folder) == [])
    }
}
