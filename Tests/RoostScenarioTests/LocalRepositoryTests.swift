import Foundation
import RoostTesting
import Testing

/// `roost run FILE` with repositories beside the working tree, as a program, over real git repositories.
@Suite("Other repositories without a server", .timeLimit(.minutes(6)))
struct LocalRepositoryTests {
    private static let yaml = """
        resources:
          repositories:
          - repository: shared
            type: git
            name: team/shared
          - repository: tools
            type: github
            name: octo/tools
            ref: refs/tags/v1
        steps:
        - checkout: self
        - checkout: tools
        - template: /say.yml@shared
        - script: |
            cat $(Build.Repository.Name)/own.txt tools/tool.txt
            git -C tools rev-parse HEAD
            test "$PWD" = "$(Build.SourcesDirectory)" && basename $PWD
        """

    /// A working tree, a repository of templates and one of tools, each real, and a map that leads to both.
    private struct Ground {
        let own: ScratchRepository
        let shared: ScratchRepository
        let tools: ScratchRepository
        let scratch: ScratchFolder

        init(_ yaml: String = LocalRepositoryTests.yaml) throws {
            own = try ScratchRepository(["azure-pipelines.yml": yaml + "\n", "own.txt": "committed\n"])
            shared = try ScratchRepository(["say.yml": "steps:\n- script: echo shared says so\n"])
            tools = try ScratchRepository(["tool.txt": "tool of v1\n"])
            try tools.git("tag", "v1")
            scratch = try ScratchFolder()
            try scratch.write("team/* = \(shared.path)\ngithub:octo/tools = file://\(tools.path)\n", to: "map")
        }

        func run(_ words: String...) async throws -> (code: Int32, output: String) {
            let child = try ChildProgram(
                "roost",
                ["run"] + words,
                environment: ["XDG_CACHE_HOME": "\(scratch.path)/cache"],
                folder: own.path
            )
            return await child.finished()
        }

        var map: String { "\(scratch.path)/map" }

        func remove() {
            for repository in [own, shared, tools] { repository.remove() }
            scratch.remove()
        }
    }

    @Test(
        "templates and sources come from where the map says, at the commit of the file's ref, beside the working tree as it is"
    )
    func map() async throws {
        let ground = try Ground()
        defer { ground.remove() }
        let v1 = try ground.tools.git("rev-parse", "v1")
        try ground.tools.commit(["tool.txt": "newer tool\n"], "second")
        try ground.own.folder.write("not committed\n", to: "own.txt")
        let (code, output) = try await ground.run("--repository-map", ground.map)
        #expect(code == 0, "\(output)")
        let lines = output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        for line in ["shared says so", "not committed", "tool of v1", v1, "s"] {
            #expect(lines.contains(line), "\(line) in \(output)")
        }
        #expect(lines.contains("tools  file://\(ground.tools.path)  refs/tags/v1  \(v1.prefix(8))"), "\(output)")
        // The link to the working tree went away with the run, not the working tree.
        #expect(try ground.own.git("status", "--porcelain") == "M own.txt")
    }

    @Test("a folder that is given stands for a repository as it is, for templates and for checkouts")
    func folders() async throws {
        let ground = try Ground()
        defer { ground.remove() }
        try ground.shared.folder.write("steps:\n- script: echo not committed either\n", to: "say.yml")
        try ground.tools.folder.write("tool in work\n", to: "tool.txt")
        let (code, output) = try await ground.run(
            "--repository",
            "SHARED=\(ground.shared.path)",
            "--repository",
            "tools=\(ground.tools.path)"
        )
        #expect(output.contains("not committed either"), "\(output)")
        // Its name leads to the place of the checkout, not the folder's.
        #expect(output.contains("tool in work"), "\(output)")
        #expect(code == 0)
    }

    @Test("a job whose only checkout is another repository begins in that one")
    func onlyOther() async throws {
        let ground = try Ground(
            "steps:\n- checkout: git://team/tools@v1\n- script: cat tool.txt && ls -A .. && ls own.txt"
        )
        defer { ground.remove() }
        try ground.scratch.write("team/tools = \(ground.tools.path)\n", to: "map")
        let (code, output) = try await ground.run("--repository-map", ground.map)
        #expect(output.contains("tool of v1"), "\(output)")
        #expect(output.contains("cannot access 'own.txt'"), "\(output)")
        #expect(code == 1)
    }

    @Test("repositories that cannot be had are errors, all at once, that say which, where and what to do")
    func failures() async throws {
        let yaml = """
            resources:
              repositories:
              - repository: gone
                type: git
                name: https://127.0.0.1:1/team/gone.git
              - repository: nowhere
                type: git
                name: nowhere
              - repository: old
                type: git
                name: team/old
                ref: refs/tags/v9
            steps:
            - checkout: gone
            - checkout: nowhere
            - checkout: old
            """
        let ground = try Ground(yaml)
        defer { ground.remove() }
        let (code, output) = try await ground.run("--repository-map", ground.map)
        #expect(code == 1)
        for text in [
            "Repository 'gone' (https://127.0.0.1:1/team/gone.git) cannot be used: https://127.0.0.1:1/team/gone.git: fatal: ",
            "Repository 'nowhere' (nowhere) cannot be used: nothing says where 'nowhere' of type 'git' is.",
            "Repository 'old' (team/old) cannot be used: \(ground.shared.path): it has no branch or tag 'refs/tags/v9'.",
            "--repository gone=FOLDER", "write 'nowhere = URL' into a file and give it with --repository-map",
        ] {
            #expect(output.contains(text), "\(text) in \(output)")
        }
        #expect(!output.contains("▶"))
    }

    @Test("a template whose repository cannot be had is an error at the line that names it")
    func template() async throws {
        let ground = try Ground()
        defer { ground.remove() }
        let (code, output) = try await ground.run()
        #expect(code == 1)
        #expect(
            output.contains(
                "azure-pipelines.yml:13:13: error: File /say.yml cannot be read from repository team/shared: nothing says where"
            ),
            "\(output)"
        )
        #expect(output.contains("--repository shared=FOLDER"), "\(output)")
    }

    @Test("a checkout that would take the place of the working tree is refused, and the working tree stays")
    func placeTaken() async throws {
        let ground = try Ground(
            """
            resources:
              repositories:
              - repository: tools
                type: git
                name: team/tools
            steps:
            - checkout: self
            - checkout: tools
              path: s/$(Build.Repository.Name)/inner
            """
        )
        defer { ground.remove() }
        try ground.scratch.write("team/tools = \(ground.tools.path)\n", to: "map")
        let (code, output) = try await ground.run("--repository-map", ground.map)
        #expect(output.contains("The repository 'team/tools' cannot be put into"), "\(output)")
        #expect(code == 1)
        #expect(try ground.own.git("status", "--porcelain").isEmpty)
    }

    @Test("a map that cannot be read and a folder that is not there are said before anything runs")
    func usage() async throws {
        let ground = try Ground()
        defer { ground.remove() }
        let map = try await ground.run("--repository-map", "nothing")
        #expect(map.output.contains("the file 'nothing' cannot be read"), "\(map.output)")
        #expect(map.code == 1)
        let folder = try await ground.run("--repository", "tools=nothing")
        #expect(folder.output.contains("there is no folder 'nothing'"), "\(folder.output)")
        #expect(folder.code == 64)
    }
}
