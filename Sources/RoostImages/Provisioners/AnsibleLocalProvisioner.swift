import Foundation
import RoostTemplate

/// Runs Ansible in the machine, on the machine itself.
struct AnsibleLocalProvisioner: ImageProvisioner {
    func key(_ work: StepWork) async throws -> StepKey? {
        let names = [
            "playbook_file", "playbook_files", "playbook_dir", "playbook_paths", "role_paths", "collection_paths",
            "group_vars", "host_vars", "inventory_file", "galaxy_file",
        ]
        return try StepFingerprint.key(work, files: names.flatMap { try work.texts($0) }.filter { !$0.isEmpty })
    }

    func provision(_ work: StepWork) async throws {
        // As for every step, what it left lies in /tmp until the step ends.
        let staging =
            try work.text("staging_directory")
            ?? "/tmp/packer-provisioner-ansible-local/\(UUID().uuidString.lowercased())"
        let play = AnsiblePlay(work: work, staging: staging)
        work.say("Provisioning with Ansible...")
        try await play.prepare()
        try await play.installRoles()
        try await play.run()
        if work.truth("clean_staging_directory") { try await play.clean() }
    }
}

/// One run of Ansible with what it needs in a folder of the machine.
private struct AnsiblePlay {
    let work: StepWork
    let staging: String

    // MARK: Files

    func prepare() async throws {
        try await makeFolder(staging)
        if let folder = try work.text("playbook_dir") { try await upload(folder, contentsTo: staging) }
        for path in try playbooks + files("galaxy_file") + files("inventory_file") {
            try await upload(path, to: staging)
        }
        if try work.text("inventory_file") == nil {
            let place = "\(staging)/\(Self.inventoryName)"
            try await work.machine.upload(.bytes(Array(try inventory.utf8), mode: 0o644), to: place)
        }
        for (name, place) in [
            ("playbook_paths", ""), ("role_paths", "/roles"), ("collection_paths", "/collections"),
        ] {
            for path in try files(name) { try await upload(path, to: staging + place) }
        }
        for (name, place) in [("group_vars", "/group_vars"), ("host_vars", "/host_vars")] {
            for path in try files(name) { try await upload(path, contentsTo: staging + place) }
        }
    }

    private var playbooks: [String] { get throws { try files("playbook_file") + files("playbook_files") } }

    private func files(_ name: String) throws -> [String] { try work.texts(name).filter { !$0.isEmpty } }

    private static let inventoryName = "packer-provisioner-ansible-local.inventory"

    private var inventory: String {
        get throws {
            let groups = try files("inventory_groups")
            return groups.isEmpty ? "127.0.0.1\n" : groups.map { "[\($0)]\n127.0.0.1\n" }.joined()
        }
    }

    private func upload(_ path: String, to folder: String) async throws {
        let place = work.path(path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            throw ImageBuildFailure.file(path: path, reason: "it is not there")
        }
        try await makeFolder(folder)
        work.say("Uploading \(path) => \(folder)")
        if isFolder.boolValue {
            try await work.machine.upload(.folder(place, contentsOnly: false), to: folder)
        } else {
            try await work.machine.upload(.file(place), to: "\(folder)/\(Self.name(of: path))")
        }
    }

    private func upload(_ path: String, contentsTo folder: String) async throws {
        try await makeFolder(folder)
        work.say("Uploading \(path) => \(folder)")
        try await work.machine.upload(.folder(work.path(path), contentsOnly: true), to: folder)
    }

    private func makeFolder(_ folder: String) async throws { try await run("mkdir -p \(Self.quoted(folder))") }

    func clean() async throws {
        work.say("Removing staging directory...")
        try await run("rm -rf \(Self.quoted(staging))")
    }

    // MARK: Programs

    /// Roles and collections of a galaxy, before anything is played.
    func installRoles() async throws {
        guard let file = try work.text("galaxy_file") else { return }
        let program = try work.text("galaxy_command") ?? "ansible-galaxy"
        let name = Self.quoted(Self.name(of: file))
        let roles = Self.quoted(try work.text("galaxy_roles_path") ?? "\(staging)/roles")
        let collections = Self.quoted(try work.text("galaxy_collections_path") ?? "\(staging)/collections")
        let place = Self.quoted(staging)
        let force =
            (work.truth("galaxy_force_install") ? " --force" : "")
            + (work.truth("galaxy_force_with_deps") ? " --force-with-deps" : "")
        try await run("cd \(place) && \(program) install -r \(name) -p \(roles)\(force)")
        // A file of roles alone is a list, and has no collections.
        let text = try String(contentsOfFile: work.path(file), encoding: .utf8)
        guard text.split(separator: "\n").contains(where: { $0.hasPrefix("collections:") }) else { return }
        try await run("cd \(place) && \(program) collection install -r \(name) -p \(collections)\(force)")
    }

    func run() async throws {
        let program = try work.text("command") ?? "ANSIBLE_FORCE_COLOR=1 PYTHONUNBUFFERED=1 ansible-playbook"
        let facts = "packer_build_name=\(work.target.sourceName) packer_builder_type=\(work.target.type)"
        let extra = (["--extra-vars", Self.quoted(facts)] + (try work.texts("extra_arguments"))).joined(separator: " ")
        let inventory = try work.text("inventory_file").map(Self.name(of:)) ?? Self.inventoryName
        for playbook in try playbooks {
            let name = Self.quoted(Self.name(of: playbook))
            let line =
                "cd \(Self.quoted(staging)) && \(program) \(name) \(extra) -c local -i \(Self.quoted(inventory))"
            work.say("Executing Ansible: \(line)")
            try await run(line)
        }
    }

    private func run(_ line: String) async throws {
        let code = try await work.machine.run(MachineCommand(line)) { work.context.tell($0) }
        guard code == 0 else {
            let hint = code == 127 ? "; install Ansible in the image in an earlier step" : ""
            throw ImageBuildFailure.program(name: "Ansible", said: "\(line) ended with \(code)\(hint)")
        }
    }

    private static func name(of path: String) -> String { (path as NSString).lastPathComponent }

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\"'\"'"))'" }
}
