import RoostLanguage
import Testing

@Suite("task.json")
struct TaskManifestTests {
    @Test("all of it is read")
    func whole() throws {
        let text = """
            {
              "id": "0F2A3C1E-8A65-4A0B-9C1F-3F8D2D7C9E10",
              "name": "Replace-Tokens", "friendlyName": "Replace tokens",
              "version": { "Major": "3", "Minor": 11, "Patch": 0 },
              "demands": ["java", "Agent.OS -equals Linux"], "minimumAgentVersion": "2.105.0",
              "instanceNameFormat": "Replace in $(root)",
              "inputs": [
                { "name": "root", "type": "filePath", "required": "true", "aliases": ["rootDirectory"] },
                { "name": "mode", "type": "pickList", "defaultValue": 7, "options": { "a": "A", "b": "B" }, "visibleRule": "root != x" }
              ],
              "outputVariables": [{ "name": "count" }],
              "restrictions": { "commands": { "mode": "restricted" }, "settableVariables": { "allowed": ["count"] } },
              "execution": { "Node16": { "target": ".\\\\index.js" } },
              "postjobexecution": { "Node16": { "target": "$(currentDirectory)/post.js" } }
            }
            """
        let (read, problems) = TaskManifestReader.read([0xEF, 0xBB, 0xBF] + Array(text.utf8))
        #expect(problems.isEmpty)
        let task = try #require(read)
        #expect(task.id == "0f2a3c1e-8a65-4a0b-9c1f-3f8d2d7c9e10")
        #expect(task.reference == "Replace-Tokens@3")
        #expect(task.version.description == "3.11.0")
        #expect(task.demands == ["java", "Agent.OS -equals Linux"])
        #expect(task.input("ROOTDIRECTORY")?.isPath == true)
        #expect(task.input("root")?.isRequired == true)
        #expect(task.input("mode")?.defaultValue == "7")
        #expect(task.input("mode")?.options == ["a", "b"])
        #expect(task.outputs == ["count"])
        #expect(task.restrictions.isRestricted && task.restrictions.settableVariables == ["count"])
        #expect(task.sections[.main]?.map(\.target) == ["index.js"])
        #expect(task.sections[.after]?.map(\.target) == ["post.js"])
    }

    @Test("every problem is told with its line")
    func problems() {
        let text = """
            {
              "id": "no uuid",
              "name": "a b",
              "version": { "Major": "x", "Minor": 0 },
              "inputs": [
                { "type": "string" },
                { "name": "a", "type": "string" },
                { "name": "A", "type": "string" }
              ],
              "minimumAgentVersion": "new",
              "execution": {
                "Node16": { }
              }
            }
            """
        let (task, problems) = TaskManifestReader.read(Array(text.utf8))
        #expect(task == nil)
        #expect(
            problems.map(\.description) == [
                "task.json:2: The id 'no uuid' is no UUID.",
                "task.json:3: The name 'a b' cannot be used. Use letters, digits, '-', '_' and '.'.",
                "task.json:4: 'Major' of the version is no number: 'x'.",
                "task.json:4: The version has no 'Patch'.",
                "task.json:6: An input has no 'name'.",
                "task.json:8: The input 'A' is there twice.",
                "task.json:10: 'minimumAgentVersion' is no version: 'new'.",
                "task.json:12: The handler 'Node16' has no 'target'.",
            ]
        )
    }

    @Test(
        "what is no JSON is told with its line",
        arguments: [
            ("{\n \"a\": 1,\n}", 3), ("{\n\"a\" 1}", 2), ("[1, 2", 1), ("{\"a\": nope}", 1), ("\"a\nb\"", 1),
            (String(repeating: "[", count: 100), 1), ("", 1), ("{} {}", 1), ("{\"a\": \"\\uD800\"}", 1),
        ]
    )
    func malformed(_ text: String, _ line: Int) {
        let fault = #expect(throws: JSONFault.self) { try JSONNode.read(Array(text.utf8)) }
        #expect(fault?.line == line)
    }

    @Test("targets outside of the folder, and ones that are not there, are told")
    func targets() throws {
        let text = """
            { "id": "0f2a3c1e-8a65-4a0b-9c1f-3f8d2d7c9e10", "name": "T", "version": { "Major": 1, "Minor": 0, "Patch": 0 },
              "execution": {
                "Node10": { "target": "../x.js" },
                "Node16": { "target": "x.js" }
              } }
            """
        let task = try #require(TaskManifestReader.read(Array(text.utf8)).manifest)
        #expect(
            task.targetProblems { _ in false }.map(\.line) == [3, 4]
        )
        #expect(
            task.targetProblems { $0 == "x.js" }.map(\.message) == ["The target '../x.js' leads out of the folder."]
        )
    }
}
