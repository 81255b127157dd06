import CRoostLinux
import Foundation
import Glibc
import RoostTesting
import Testing

/// Builds in a scripted cloud, by a packer that is a script: killed, and what comes after them.
@Suite("Resource groups of killed builds", .timeLimit(.minutes(3)))
struct CloudSweepTests {
    private static let packer = #"""
        #!/bin/bash
        [ "$1" = validate ] && exit 0
        template=${!#}
        grep -o 'pkr-Resource-Group-roost-[0-9a-f]*' "$template" > "$SEEN.group"
        ls "$LEDGER" > "$SEEN.ledger" 2>/dev/null
        say() { echo "1700000000,$1"; }
        if [ -n "$WAITS" ]; then
          echo $$ > "$SEEN.pid"
          say ',ui,say,==> a: Waiting'
          while :; do sleep 0.05; done
        fi
        [ -n "$LEAVES" ] && { say ',ui,error,==> a: Error deleting resource group.  Please delete it manually.'; exit 1; }
        [ -n "$CRASHES" ] && exit 2
        [ -n "$FAILS" ] && { say ',ui,error,==> a: no'; exit 1; }
        say 'a,artifact,0,id,/subscriptions/s/images/m'
        say 'a,artifact,0,end'
        """#

    private struct Ground {
        let cloud: ScriptedCloud
        let program: BuildProgram

        init(_ cloud: ScriptedCloud, _ lines: String = "") throws {
            self.cloud = cloud
            let source = PreflightTemplate.azure("a", cloud, lines)
            program = try BuildProgram(["a.pkr.hcl": PreflightTemplate.build([source], of: ["azure-arm.a"])])
            try program.addProgram("packer", CloudSweepTests.packer)
        }

        var ledger: String { "\(program.folder)/cache/roost/cloud-builds" }

        func environment(_ more: [String: String] = [:]) -> [String: String] {
            let folder = program.folder
            return [
                "ROOST_IMAGE_PREFLIGHT": "off", "ROOST_PACKER": "\(folder)/packer", "SEEN": "\(folder)/seen",
                "XDG_CACHE_HOME": "\(folder)/cache", "LEDGER": ledger,
            ].merging(more) { $1 }
        }

        /// Without holding a thread that the cloud may need.
        func roost(_ words: [String], _ more: [String: String] = [:]) async throws -> (code: Int32, output: String) {
            try await ChildProgram("roost", ["image"] + words, environment: environment(more), folder: program.folder)
                .finished()
        }

        func build(_ more: [String: String] = [:], _ flags: String...) async throws -> (code: Int32, output: String) {
            try await roost(["build"] + flags + ["a.pkr.hcl"], more)
        }

        /// The groups that are written down.
        var written: [String] { (try? FileManager.default.contentsOfDirectory(atPath: ledger)) ?? [] }

        func read(_ name: String) throws -> String {
            try #require(program.read(name)).trimmingCharacters(in: .whitespacesAndNewlines)
        }

        /// A build that is killed together with its packer; gives the group that it had made.
        func killedBuild() async throws -> String {
            let build = try ChildProgram(
                "roost",
                ["image", "build", "a.pkr.hcl"],
                environment: environment(["WAITS": "1"]),
                folder: program.folder
            )
            try await build.line(with: "Waiting")
            let packer = try #require(pid_t(try read("seen.pid")))
            let handle = roost_pidfd_open(packer)
            defer { close(handle) }
            kill(build.pid, SIGKILL)
            kill(packer, SIGKILL)
            _ = await build.finished()
            // Nobody here is told of the end of somebody else's child.
            var end = pollfd(fd: handle, events: Int16(POLLIN), revents: 0)
            try #require(poll(&end, 1, 30_000) == 1)
            let group = try read("seen.group")
            cloud.put("/resourceGroups/\(group)", #"{"name":"\#(group)","location":"westeurope"}"#)
            return group
        }

        /// What was removed, by its path in the subscription.
        var removed: [String] {
            cloud.requests.filter { $0.method == "DELETE" }.compactMap { $0.path.split(separator: "/").last }
                .map(String.init)
        }
    }

    @Test("a group is written down before packer starts, without secrets, and struck off at its end")
    func written() async throws {
        try await ScriptedCloud.with { cloud in
            let ground = try Ground(cloud)
            let answer = try await ground.build()
            #expect(answer.code == 0, "\(answer.output)")
            let group = try ground.read("seen.group")
            #expect(try ground.read("seen.ledger") == "\(group).json")
            #expect(ground.written.isEmpty)
            #expect(try await ground.build(["FAILS": "1"]).code == 1)
            #expect(ground.written.isEmpty)
            let kept = try await ground.build(["FAILS": "1"], "-on-error=abort")
            #expect(kept.output.contains("stays, as -on-error says"), "\(kept.output)")
            #expect(ground.written.isEmpty)
            #expect(cloud.requests.isEmpty)
        }
    }

    @Test("the next build with the same account removes what a killed one left, and nothing else")
    func swept() async throws {
        try await ScriptedCloud.with { cloud in
            let ground = try Ground(cloud)
            cloud.put("/resourceGroups/images", #"{"name":"images","location":"westeurope"}"#)
            let group = try await ground.killedBuild()
            #expect(ground.written == ["\(group).json"])
            let entry = try #require(FileManager.default.contents(atPath: "\(ground.ledger)/\(group).json"))
            #expect(!String(decoding: entry, as: UTF8.self).contains("hush"))
            let next = try await ground.build()
            #expect(next.code == 0, "\(next.output)")
            #expect(next.output.contains("Removed the resource group \(group)"), "\(next.output)")
            #expect(ground.removed == [group])
            #expect(!cloud.has("/resourceGroups/\(group)") && cloud.has("/resourceGroups/images"))
            #expect(ground.written.isEmpty)
        }
    }

    @Test("what packer could not remove, and said so, is removed later; who named a group keeps it")
    func said() async throws {
        try await ScriptedCloud.with { cloud in
            let ground = try Ground(cloud)
            for way in ["LEAVES", "CRASHES"] {
                #expect(try await ground.build([way: "1"]).code == 1)
                let group = try ground.read("seen.group")
                #expect(ground.written == ["\(group).json"])
                // By now it is gone.
                #expect(try await ground.build().code == 0)
                #expect(ground.removed.isEmpty && ground.written.isEmpty)
            }
            for line in ["temp_resource_group_name = \"mine\"", "build_resource_group_name = \"images\""] {
                let named = try Ground(cloud, line)
                #expect(try await named.build().code == 0)
                #expect(named.program.read("seen.group") == "" && named.program.read("seen.ledger") == "")
            }
        }
    }

    @Test("without an account that reaches it, it is said which group it is and how to remove it")
    func unreachable() async throws {
        try await ScriptedCloud.with { cloud in
            let ground = try Ground(cloud)
            let group = try await ground.killedBuild()
            // A file of somebody else there is left alone, whatever it says.
            let foreign = try #require(FileManager.default.contents(atPath: "\(ground.ledger)/\(group).json"))
            let text = String(decoding: foreign, as: UTF8.self).replacing(group, with: "images")
            try Data(text.utf8).write(to: URL(filePath: "\(ground.ledger)/images.json"))
            cloud.put("/resourceGroups/images", #"{"name":"images"}"#)

            let alone = try await ground.roost(["sweep"])
            #expect(alone.code == 1)
            #expect(alone.output.contains(group) && alone.output.contains("nobody signs in"), "\(alone.output)")
            let command = "az group delete --name \(group) --subscription \(ScriptedCloud.subscription) --yes"
            #expect(alone.output.contains(command), "\(alone.output)")
            // An account that does not see the subscription does not make the group gone.
            cloud.remove("")
            cloud.remove("/resourceGroups/\(group)")
            let account = [
                "ARM_CLIENT_ID": "22222222-2222-4222-8222-222222222222", "ARM_CLIENT_SECRET": ScriptedCloud.secret,
                "ARM_TENANT_ID": "33333333-3333-4333-8333-333333333333",
                "ARM_SUBSCRIPTION_ID": ScriptedCloud.subscription,
                "ARM_METADATA_HOSTNAME": cloud.address,
            ]
            let blind = try await ground.roost(["sweep"], account)
            #expect(blind.code == 1 && blind.output.contains("sees no subscription"), "\(blind.output)")
            #expect(ground.written.count == 2)

            cloud.put("", #"{"subscriptionId":"\#(ScriptedCloud.subscription)","state":"Enabled"}"#)
            cloud.put("/resourceGroups/\(group)", #"{"name":"\#(group)"}"#)
            let able = try await ground.roost(["sweep"], account)
            #expect(able.code == 0 && able.output.contains("Removed the resource group \(group)"), "\(able.output)")
            #expect(ground.removed == [group] && ground.written == ["images.json"])
            #expect(cloud.has("/resourceGroups/images"))
        }
    }
}
