/// Reads the table form of tasks.
///
/// ```
/// task Bash@3 | Bash | Runs a bash script.
/// - script lines! [targetType = inline] = echo :: The lines of the script.
/// - workingDirectory(cwd) path :: Where the script begins.
/// ```
///
/// A `?` behind the version says that the task may take more inputs than the table has.
/// An input has a name with aliases in parentheses, a kind with `!` when it is required, in brackets when it counts, after `=` its default,
/// and after `::` its documentation.
enum TaskTableReader {
    static func read(_ table: String) -> [TaskDefinition] {
        var tasks: [TaskDefinition] = []
        var head: Head?
        var inputs: [TaskInput] = []
        func close() {
            guard let task = head else { return }
            tasks.append(
                TaskDefinition(
                    name: task.name,
                    major: task.major,
                    title: task.title,
                    documentation: task.documentation,
                    inputs: inputs,
                    isComplete: task.isComplete
                )
            )
            (head, inputs) = (nil, [])
        }
        for line in table.split(separator: "\n") {
            if line.hasPrefix("task ") {
                close()
                head = task(line.dropFirst(5))
            } else if line.hasPrefix("- "), let input = input(line.dropFirst(2)) {
                inputs.append(input)
            }
        }
        close()
        return tasks
    }

    private struct Head {
        var name: String
        var major: Int
        var title: String
        var documentation: String
        var isComplete: Bool
    }

    private static func task(_ line: Substring) -> Head? {
        let parts = line.split(separator: "|", maxSplits: 2).map { String($0).trimmingBlanks() }
        guard parts.count == 3 else { return nil }
        let name = parts[0].split(separator: "@")
        guard name.count == 2 else { return nil }
        let isComplete = !name[1].hasSuffix("?")
        guard let major = Int(isComplete ? name[1] : name[1].dropLast()) else { return nil }
        return Head(
            name: String(name[0]),
            major: major,
            title: parts[1],
            documentation: parts[2],
            isComplete: isComplete
        )
    }

    private static func input(_ line: Substring) -> TaskInput? {
        guard let (head, documentation) = line.parted(at: " :: "), let (left, condition, value) = parts(of: head) else {
            return nil
        }
        let words = left.split(separator: " ")
        guard words.count == 2 else { return nil }
        let names = words[0].split { "(,)".contains($0) }.map(String.init)
        let isRequired = words[1].hasSuffix("!")
        guard let kind = kind(isRequired ? words[1].dropLast() : words[1]), let name = names.first else { return nil }
        return TaskInput(
            name: name,
            aliases: Array(names.dropFirst()),
            kind: kind,
            defaultValue: value,
            isRequired: isRequired,
            condition: condition,
            documentation: documentation
        )
    }

    /// Name and kind, the condition in brackets, and the default after `=`.
    private static func parts(of head: Substring) -> (left: Substring, condition: String?, value: String?)? {
        guard let open = head.firstIndex(of: "[") else {
            guard let (left, value) = head.parted(at: " = ") else { return (head, nil, nil) }
            return (left, nil, value)
        }
        guard let close = head.firstIndex(of: "]"), open < close else { return nil }
        let value = head[close...].parted(at: "] = ")?.after
        return (head[..<open], String(head[head.index(after: open)..<close]), value)
    }

    private static func kind(_ text: Substring) -> TaskInput.Kind? {
        switch text {
        case "text": .text
        case "lines": .lines
        case "bool": .boolean
        case "number": .number
        case "path": .path
        case "connection": .connection
        case "secureFile": .secureFile
        default: text.contains("|") ? .words(text.split(separator: "|").map(String.init)) : nil
        }
    }
}
