/// Reads a `task.json` and tells all that is wrong with it.
public struct TaskManifestReader {
    private var problems: [TaskManifestProblem] = []

    /// Reads the bytes of a `task.json`.
    ///
    /// - Returns: The task, nil when one of the problems is an error.
    public static func read(_ bytes: [UInt8]) -> (manifest: TaskManifest?, problems: [TaskManifestProblem]) {
        var reader = TaskManifestReader()
        do throws(JSONFault) {
            let manifest = reader.manifest(try JSONNodeReader.read(bytes))
            let hasErrors = reader.problems.contains(where: \.isError)
            return (hasErrors ? nil : manifest, reader.problems.sorted { $0.line < $1.line })
        } catch {
            return (nil, [TaskManifestProblem(line: error.line, "It is no JSON: \(error.problem).")])
        }
    }

    private mutating func report(_ line: Int, _ message: String, _ advice: String? = nil, isError: Bool = true) {
        problems.append(TaskManifestProblem(line: line, message, advice: advice, isError: isError))
    }

    private mutating func manifest(_ root: JSONNode) -> TaskManifest {
        if root.members == nil { report(root.line, "An object was expected.") }
        let sections = sections(root)
        if sections.isEmpty {
            report(root.line, "It says nothing to run.", "Write 'execution' with a handler, such as Node20_1.")
        }
        let deprecated = root["deprecated"]?.truth ?? false
        return TaskManifest(
            id: id(root),
            name: name(root),
            friendlyName: text(root, "friendlyName") ?? text(root, "name") ?? "",
            description: text(root, "description") ?? "",
            version: version(root),
            inputs: inputs(root),
            demands: demands(root),
            minimumAgentVersion: minimumAgentVersion(root),
            instanceNameFormat: text(root, "instanceNameFormat"),
            sections: sections,
            outputs: (root["outputVariables"]?.items ?? []).compactMap { $0["name"]?.text },
            restrictions: restrictions(root),
            deprecation: deprecated ? text(root, "deprecationMessage") ?? "It should no longer be used." : nil,
            isPreview: root["preview"]?.truth ?? false
        )
    }

    private func text(_ node: JSONNode, _ name: String) -> String? {
        node[name]?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func line(_ node: JSONNode, _ name: String) -> Int { node.member(name)?.line ?? node.line }

    // MARK: Identity

    private mutating func id(_ root: JSONNode) -> String {
        guard let id = text(root, "id") else {
            report(root.line, "'id' is missing.", "Write a UUID that no other task has.")
            return ""
        }
        if !Self.isUUID(id) { report(line(root, "id"), "The id '\(id)' is no UUID.") }
        if id.allSatisfy({ $0 == "0" || $0 == "-" }) { report(line(root, "id"), "The id is all zeros.") }
        return id.lowercased()
    }

    static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit } }
    }

    /// A name is a part of paths and of what pipelines write before '@'.
    private mutating func name(_ root: JSONNode) -> String {
        guard let name = text(root, "name") else {
            report(root.line, "'name' is missing.")
            return ""
        }
        let isFine =
            name.utf8.count <= 100 && name.first != "." && name.first != "-"
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x5F || byte == 0x2E
            }
        if !isFine {
            report(line(root, "name"), "The name '\(name)' cannot be used.", "Use letters, digits, '-', '_' and '.'.")
        }
        return name
    }

    private mutating func version(_ root: JSONNode) -> TaskVersion {
        guard let version = root["version"] else {
            report(root.line, "'version' is missing.", "Write Major, Minor and Patch.")
            return TaskVersion(major: 0, minor: 0, patch: 0)
        }
        if let text = version.text {
            if let known = TaskVersion(text) { return known }
            report(version.line, "The version '\(text)' is no three numbers.")
        }
        let numbers = ["Major", "Minor", "Patch"].map { part in
            guard let value = version[part] else {
                if version.text == nil { report(version.line, "The version has no '\(part)'.") }
                return 0
            }
            guard let number = value.text.flatMap(TaskVersion.number) else {
                report(line(version, part), "'\(part)' of the version is no number: '\(value.text ?? "")'.")
                return 0
            }
            return number
        }
        return TaskVersion(major: numbers[0], minor: numbers[1], patch: numbers[2])
    }

    private mutating func demands(_ root: JSONNode) -> [String] {
        (root["demands"]?.items ?? []).compactMap { node in
            guard let text = node.text, !text.isEmpty else {
                report(node.line, "A demand is a text, such as \"java\".")
                return nil
            }
            return text
        }
    }

    private mutating func minimumAgentVersion(_ root: JSONNode) -> String? {
        guard let text = text(root, "minimumAgentVersion") else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count), parts.allSatisfy({ TaskVersion.number(String($0)) != nil }) else {
            report(line(root, "minimumAgentVersion"), "'minimumAgentVersion' is no version: '\(text)'.")
            return nil
        }
        return text
    }

    private mutating func restrictions(_ root: JSONNode) -> TaskRestrictions {
        var restrictions = TaskRestrictions()
        guard let node = root["restrictions"] else { return restrictions }
        if let mode = node["commands"]?["mode"] {
            restrictions.isRestricted = mode.text?.lowercased() == "restricted"
            if !["restricted", "any"].contains(mode.text?.lowercased()) {
                report(mode.line, "'mode' is 'restricted' or 'any', not '\(mode.text ?? "")'.")
            }
        }
        restrictions.settableVariables = node["settableVariables"]?["allowed"]?.items?.compactMap(\.text)
        return restrictions
    }

    // MARK: Inputs

    private mutating func inputs(_ root: JSONNode) -> [TaskManifestInput] {
        var seen: Set<String> = []
        return (root["inputs"]?.items ?? []).compactMap { node in
            guard let name = text(node, "name") else {
                report(node.line, "An input has no 'name'.")
                return nil
            }
            if !seen.insert(name.lowercased()).inserted {
                report(line(node, "name"), "The input '\(name)' is there twice.")
            }
            guard let type = text(node, "type") else {
                report(node.line, "The input '\(name)' has no 'type'.")
                return nil
            }
            return TaskManifestInput(
                name: name,
                aliases: (node["aliases"]?.items ?? []).compactMap(\.text),
                label: text(node, "label") ?? name,
                type: type,
                defaultValue: node["defaultValue"]?.text ?? "",
                isRequired: node["required"]?.truth ?? false,
                visibleRule: text(node, "visibleRule"),
                options: (node["options"]?.members ?? []).map(\.name),
                help: text(node, "helpMarkDown") ?? ""
            )
        }
    }

    // MARK: Sections

    private mutating func sections(_ root: JSONNode) -> [TaskManifest.Section: [TaskEntry]] {
        var sections: [TaskManifest.Section: [TaskEntry]] = [:]
        for section in TaskManifest.Section.allCases {
            guard let member = root.member(section.rawValue) else { continue }
            let entries = (member.value.members ?? []).map { entry($0) }
            if entries.isEmpty {
                report(member.line, "'\(section.rawValue)' has no handler.")
            } else {
                sections[section] = entries
            }
        }
        return sections
    }

    private mutating func entry(_ member: JSONMember) -> TaskEntry {
        let node = member.value
        let target = text(node, "target") ?? ""
        if target.isEmpty { report(member.line, "The handler '\(member.name)' has no 'target'.") }
        return TaskEntry(
            handler: member.name,
            target: Self.path(target),
            arguments: text(node, "argumentFormat") ?? "",
            workingDirectory: text(node, "workingDirectory"),
            line: node.member("target")?.line ?? member.line
        )
    }

    /// A target without what only says that it is in the folder.
    static func path(_ target: String) -> String {
        var path = target.replacing("\\", with: "/")
        for prefix in ["$(currentDirectory)/", "$(CurrentDirectory)/", "./"] where path.hasPrefix(prefix) {
            path = String(path.dropFirst(prefix.count))
        }
        return path
    }
}

extension TaskManifest {
    /// What is wrong with the targets of its handlers in a folder.
    ///
    /// - Parameter hasFile: whether the folder has a file of a path.
    /// - Returns: those that are missing or outside.
    public func targetProblems(_ hasFile: (String) -> Bool) -> [TaskManifestProblem] {
        sections.values.joined().sorted { $0.line < $1.line }.compactMap { entry in
            let parts = entry.target.split(separator: "/", omittingEmptySubsequences: false)
            if entry.target.hasPrefix("/") || parts.contains("..") {
                return TaskManifestProblem(line: entry.line, "The target '\(entry.target)' leads out of the folder.")
            }
            if hasFile(entry.target) || entry.handler.lowercased() == "process" && entry.target.contains("$(") {
                return nil
            }
            return TaskManifestProblem(
                line: entry.line,
                "The target '\(entry.target)' of '\(entry.handler)' is not in the folder.",
                advice: "Build the task before it is installed, or correct 'target'."
            )
        }
    }
}
