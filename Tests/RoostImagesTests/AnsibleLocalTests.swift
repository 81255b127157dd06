import Foundation
import RoostTesting
import Testing

@testable import RoostImages

/// The command lines and files that Ansible gets in the image, told by a script in its place.
@Suite(
    "Ansible in the image",
    .enabled(if: RootfsGround.obstacle == nil, "\(RootfsGround.obstacle ?? "")")
)
struct AnsibleLocalTests {
    private static let script =
        "#!/bin/sh\necho \"$(busybox basename $0) $*\" >> /said\nls -d $PWD/* >> /said\ncat *.inventory >> /said 2>/dev/null; true\n"

    private func template(_ ground: RootfsGround, _ options: String) -> String {
        """
        source "roost-rootfs" "a" {
          base   = "\(ground.base)"
          output = "a.tar"
        }
        build {
          sources = ["roost-rootfs.a"]
          provisioner "ansible-local" {
            staging_directory = "/stage"
        \(options)
          }
        }
        """
    }

    private func said(_ ground: RootfsGround) async throws -> [String] {
        try await ground.tool("tar", "-xOf", "a.tar", "./said").split(separator: "\n").map(String.init)
    }

    @Test("playbooks run one after the other with files, groups, roles and arguments where they belong")
    func whole() async throws {
        try await RootfsGround.with { ground in
            for name in ["ansible-playbook", "ansible-galaxy"] {
                try ground.write(Self.script, to: "base/bin/\(name)", mode: 0o755)
            }
            for name in ["one.yml", "two.yml", "dir/extra.txt", "roles/web/tasks/main.yml", "vars/all.yml"] {
                try ground.write("- x\n", to: name)
            }
            try ground.write("collections:\n- name: a.b\nroles:\n- c\n", to: "needs.yml")
            let options = """
                playbook_files   = ["one.yml", "two.yml"]
                playbook_dir     = "dir"
                role_paths       = ["roles/web"]
                group_vars       = "vars"
                galaxy_file      = "needs.yml"
                galaxy_force_install = true
                inventory_groups = ["web", "db"]
                extra_arguments  = ["--diff", "-v"]
                """
            let build = ImageBuilderBuild(ground)
            let result = try await build.run(template(ground, options), name: "a.pkr.hcl")
            guard result.isFinished else { throw TestFailure("\(result.outcome)") }
            let said = try await said(ground)
            let calls = said.filter { $0.hasPrefix("ansible-") }
            let facts = "--extra-vars packer_build_name=a packer_builder_type=roost-rootfs --diff -v -c local"
            let inventory = "-i packer-provisioner-ansible-local.inventory"
            #expect(
                calls == [
                    "ansible-galaxy install -r needs.yml -p /stage/roles --force",
                    "ansible-galaxy collection install -r needs.yml -p /stage/collections --force",
                    "ansible-playbook one.yml \(facts) \(inventory)", "ansible-playbook two.yml \(facts) \(inventory)",
                ]
            )
            for name in ["extra.txt", "roles", "group_vars", "one.yml", "needs.yml"] {
                #expect(said.contains("/stage/\(name)"), "\(name)")
            }
            #expect(said.contains("[web]") && said.contains("[db]"))
            let names = try await ground.tool("tar", "-tf", "a.tar").split(separator: "\n")
            #expect(names.contains("./stage/roles/web/tasks/main.yml") && names.contains("./stage/group_vars/all.yml"))
        }
    }

    @Test("the folder is removed when that is asked for, a changed role runs again, and a missing program is told")
    func again() async throws {
        try await RootfsGround.with { ground in
            try ground.write("- x\n", to: "one.yml")
            try ground.write("- y\n", to: "web/tasks/main.yml")
            let options = """
                playbook_file           = "one.yml"
                role_paths              = ["web"]
                clean_staging_directory = true
                """
            let build = ImageBuilderBuild(ground)
            let missing = try await build.run(template(ground, options), name: "a.pkr.hcl")
            guard case .failed(let reason) = missing.outcome else { throw TestFailure("\(missing.outcome)") }
            #expect(reason.contains("ended with 127; install Ansible in the image in an earlier step"), "\(reason)")
            try ground.write(Self.script, to: "base/bin/ansible-playbook", mode: 0o755)
            #expect(try await build.run(template(ground, options), name: "a.pkr.hcl").isFinished)
            let names = try await ground.tool("tar", "-tf", "a.tar").split(separator: "\n")
            #expect(names.contains("./said") && !names.contains("./stage/"))
            #expect(try await build.run(template(ground, options), name: "a.pkr.hcl", isForced: true).isFinished)
            #expect(build.steps == ["ansible-local reused"])
            try ground.write("- z\n", to: "web/tasks/main.yml")
            #expect(try await build.run(template(ground, options), name: "a.pkr.hcl", isForced: true).isFinished)
            #expect(build.steps == ["ansible-local done"])
        }
    }
}
