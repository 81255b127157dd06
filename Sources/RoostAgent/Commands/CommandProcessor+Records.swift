import RoostModel

extension CommandProcessor {
    /// Carries out `task.complete result=RESULT;done=true` with TEXT as data.
    func complete(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard let text = command["result"] else { throw Refusal("the property 'result' is missing") }
        guard let result = TaskResult.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            throw Refusal("'\(text)' is no result; use Succeeded, SucceededWithIssues, Failed, Canceled or Skipped")
        }
        surroundings.progress.merge(result)
        surroundings.progress.setProgress(percent: 100, operation: command.data)
        if command["done"]?.lowercased() == "true" { surroundings.progress.finish() }
        surroundings.changed()
        return []
    }

    /// Carries out `task.logissue type=error|warning;sourcepath=;linenumber=;columnnumber=;code=` with MESSAGE as data.
    func logIssue(_ command: VSOCommand, _ number: Int) throws(Refusal) -> [String] {
        guard let type = command["type"]?.lowercased() else {
            return [
                report(
                    .warning,
                    "A '##vso[task.logissue]' has no 'type'; use type=error or type=warning: \(command.data)",
                    number
                )
            ]
        }
        guard let kind = Issue.Kind(rawValue: type) else {
            throw Refusal("'\(type)' is no type of issue; use error or warning")
        }
        var data = command.properties
        guard var path = command["sourcepath"] else { return [report(kind, command.data, number, data: data)] }
        if let sources = surroundings.sourcesDirectory(), path.hasPrefix(sources + "/") {
            path = String(path.dropFirst(sources.utf8.count + 1))
            data["repo"] = "self"
        }
        data["sourcepath"] = path
        let place = "\(path)(\(command["linenumber"] ?? "0"),\(command["columnnumber"] ?? "0"))"
        let message = "\(place): \(type) \(command["code"].map { "\($0): " } ?? ": ")\(command.data)"
        return [report(kind, message, number, category: "Code", data: data)]
    }

    /// Carries out `task.setprogress value=PERCENT` with OPERATION as data.
    func setProgress(_ command: VSOCommand) throws(Refusal) -> [String] {
        var percent: Int?
        if let text = command["value"] {
            guard let number = Int(text), (0...100).contains(number) else {
                throw Refusal("'\(text)' is no percentage between 0 and 100")
            }
            percent = number
        }
        surroundings.progress.setProgress(percent: percent, operation: surroundings.masker.mask(command.data))
        surroundings.changed()
        return []
    }

    /// A file of this machine that is stored under a name of its own.
    func attach(_ command: VSOCommand, kind: String, prefix: String) throws(Refusal) -> [String] {
        let path = try existingPath(command.data)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        surroundings.progress.add(.attach(path: path, kind: kind, name: prefix + name))
        return []
    }

    /// Carries out `task.addattachment type=KIND;name=NAME` with PATH as data.
    func addAttachment(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard let kind = command["type"] else { throw Refusal("the property 'type' is missing") }
        guard let name = command["name"] else { throw Refusal("the property 'name' is missing") }
        for (what, text) in [("type", kind), ("name", name)] where text.utf8.contains(where: { $0 == 47 || $0 < 32 }) {
            throw Refusal("the \(what) '\(text)' has a character that no file's name may have")
        }
        surroundings.progress.add(.attach(path: try existingPath(command.data), kind: kind, name: name))
        return []
    }

    private func existingPath(_ path: String) throws(Refusal) -> String {
        guard !path.isEmpty else { throw Refusal("the path is missing") }
        let full =
            path.hasPrefix("/") ? path : "\(surroundings.variables["System.DefaultWorkingDirectory"] ?? "")/\(path)"
        guard FileTree.isFile(full) else { throw Refusal("the file '\(full)' does not exist") }
        return full
    }
}
