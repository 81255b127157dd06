import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Tasks of files")
struct FileTaskTests {
    @Test("files that patterns fit are copied with their folders, and one that is there stays")
    func copy() async throws {
        try await JobBench.with { bench in
            bench.script(
                """
                mkdir -p src/a/b src/.hid 'src/we[i]rd' $(Build.ArtifactStagingDirectory)/a
                echo one > src/a/one.txt; echo two > src/a/b/two.txt; echo no > src/a/no.log; echo h > src/.hid/h.txt
                echo w > 'src/we[i]rd/w.txt'; chmod 750 src/a/one.txt; touch -d '2001-02-03 04:05:06Z' src/a/one.txt
                ln -s .. src/a/up; ln -s nowhere src/a/broken.txt; echo keep > $(Build.ArtifactStagingDirectory)/a/b.txt
                echo new > src/a/b.txt
                """
            )
            let copy = bench.add(
                CopyFilesTask.reference,
                [
                    "SourceFolder": "src", "Contents": "**/*.txt\n!**/b/*\n# nothing\n**/two.txt",
                    "TargetFolder": "$(Build.ArtifactStagingDirectory)", "preserveTimestamp": "true",
                ]
            )
            let after = bench.script(
                """
                cd $(Build.ArtifactStagingDirectory); find . -type f | LC_ALL=C sort; cat a/b.txt
                stat -c '%a %Y' a/one.txt
                """
            )
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            #expect(
                bench.printed(after).suffix(7) == [
                    "./.hid/h.txt", "./a/b.txt", "./a/b/two.txt", "./a/one.txt", "./we[i]rd/w.txt", "keep",
                    "750 981173106",
                ]
            )
            #expect(bench.printed(copy).contains("found 5 files"))
            #expect(bench.printed(copy).contains { $0.hasPrefix("File ") && $0.contains("already exist at") })
        }
    }

    @Test("copies are flat, over what is there and into a clean folder when that is asked for")
    func copyOptions() async throws {
        try await JobBench.with { bench in
            bench.script("mkdir -p src/x out; echo new > src/x/f; echo old > out/f; chmod 444 out/f; echo old > out/g")
            bench.add(
                CopyFilesTask.reference,
                ["SourceFolder": "src", "TargetFolder": "out", "flattenFolders": "true", "OverWrite": "true"]
            )
            let over = bench.script("cat out/f; ls out")
            bench.add(
                CopyFilesTask.reference,
                ["SourceFolder": "src", "TargetFolder": "out", "CleanTargetFolder": "true"]
            )
            let clean = bench.script("find out -type f")
            let itself = bench.add(
                CopyFilesTask.reference,
                ["SourceFolder": "src", "TargetFolder": "src", "OverWrite": "true"]
            )
            let whole = bench.script("cat src/x/f")
            bench.script("mkdir -p out/x/f2; echo a > src/x/f2")
            let wrong = bench.add(CopyFilesTask.reference, ["SourceFolder": "src", "TargetFolder": "out"])
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.printed(over).suffix(3) == ["new", "f", "g"])
            #expect(bench.printed(clean).last == "out/x/f")
            #expect(bench.result(itself) == "succeeded")
            #expect(bench.printed(whole).last == "new")
            #expect(bench.issues(wrong).first?.message?.contains("already exists as a directory") == true)
        }
    }

    @Test("a source folder that is not there fails, and deleting from one does not")
    func missing() async throws {
        try await JobBench.with { bench in
            let delete = bench.add(DeleteFilesTask.reference, ["SourceFolder": "nothing", "Contents": "**"])
            let copy = bench.add(CopyFilesTask.reference, ["SourceFolder": "nothing", "TargetFolder": "out"])
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.result(delete) == "succeeded")
            let issue = try #require(bench.issues(copy).first?.message)
            #expect(issue.contains("nothing' of the input 'SourceFolder' does not exist"))
        }
    }

    @Test("files and folders are deleted, but nothing behind a link")
    func delete() async throws {
        try await JobBench.with { bench in
            bench.script(
                """
                mkdir -p d/obj/x d/keep d/.git outside; echo a > d/obj/x/a.o; echo b > d/keep/b.o; echo c > d/c.dll
                echo d > d/d.pdb; echo o > outside/o.o; ln -s ../outside d/link; echo g > d/.git/g.o; echo k > d/keep.dll
                """
            )
            bench.add(
                DeleteFilesTask.reference,
                ["SourceFolder": "d", "Contents": "obj\n**/*.o\n*.{dll,pdb}\n!keep.dll\nlink"]
            )
            let after = bench.script("find d outside -type f | LC_ALL=C sort; test -e d/obj || echo gone")
            bench.add(
                DeleteFilesTask.reference,
                ["SourceFolder": "d", "Contents": "**", "RemoveDotFiles": "true", "RemoveSourceFolder": "true"]
            )
            let all = bench.script("ls")
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            #expect(bench.printed(after).suffix(4) == ["d/.git/g.o", "d/keep.dll", "outside/o.o", "gone"])
            #expect(bench.printed(all).last == "outside")
        }
    }

    /// Kinds of archives with the programs they need.
    private static let kinds = [
        ("zip", "gz", "a.zip", ["zip", "unzip"]), ("tar", "gz", "a.tgz", ["tar", "gzip"]),
        ("tar", "bz2", "a.tar.bz2", ["tar", "bzip2"]), ("tar", "xz", "a.tar.xz", ["tar", "xz"]),
        ("tar", "none", "a.tar", ["tar"]), ("7z", "gz", "a.7z", ["7z"]), ("7z", "gz", "a.7z", ["7zz"]),
    ]
    .filter { kind in kind.3.allSatisfy { ExecutableSearch.find($0, path: ProcessEnvironment.own()["PATH"]) != nil } }

    @Test("what is packed is unpacked the same", arguments: kinds)
    func archives(_ type: String, _ compression: String, _ name: String, _ programs: [String]) async throws {
        try await JobBench.with { bench in
            bench.script("mkdir -p in/sub 'in/a b'; echo 1 > in/sub/1; echo 2 > 'in/a b/-2'; chmod 755 in/sub/1")
            let inputs = ["archiveType": type, "tarCompression": compression]
            bench.add(
                ArchiveFilesTask.reference,
                inputs.merging(["rootFolderOrFile": "in", "archiveFile": "out/\(name)"]) { $1 }
            )
            bench.add(
                ArchiveFilesTask.reference,
                inputs.merging(
                    ["rootFolderOrFile": "in", "archiveFile": "in/\(name)", "includeRootFolder": "false"]
                ) { $1 }
            )
            bench.add(
                ExtractFilesTask.reference,
                ["archiveFilePatterns": "out/*\nin/\(name)", "destinationFolder": "got"]
            )
            let after = bench.script("cd got; find . -type f | LC_ALL=C sort; stat -c %a sub/1")
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            #expect(
                bench.printed(after).suffix(5) == ["./a b/-2", "./in/a b/-2", "./in/sub/1", "./sub/1", "755"]
            )
        }
    }

    @Test("files that are there are kept or replaced, and never written through a link")
    func overwriting() async throws {
        try await JobBench.with { bench in
            bench.script(
                """
                mkdir -p in/l got safe; echo new > in/f; echo evil > in/l/x; tar -cf a.tar -C in f l
                echo old > got/f; ln -s ../safe got/l; echo good > safe/x
                """
            )
            let inputs = [
                "archiveFilePatterns": "a.tar", "destinationFolder": "got", "cleanDestinationFolder": "false",
            ]
            let kept = bench.add(ExtractFilesTask.reference, inputs)
            let first = bench.script("cat got/f safe/x")
            bench.add(ExtractFilesTask.reference, inputs.merging(["overwriteExistingFiles": "true"]) { $1 })
            let second = bench.script("cat got/f got/l/x safe/x")
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            #expect(bench.printed(first).suffix(2) == ["old", "good"])
            #expect(bench.printed(second).suffix(3) == ["new", "evil", "good"])
            #expect(bench.issues(kept).first?.message?.hasPrefix("2 files were there already") == true)
        }
    }

    @Test("an archive whose names lead out of the folder is refused")
    func escape() async throws {
        try await JobBench.with { bench in
            bench.script(
                """
                mkdir -p in; echo evil > evil; tar -cPf a.tar --transform 's,evil,../../evil2,' evil; rm evil
                """
            )
            let step = bench.add(
                ExtractFilesTask.reference,
                ["archiveFilePatterns": "a.tar", "destinationFolder": "in/got"]
            )
            let after = bench.script("find . -name 'evil*' | wc -l", condition: "always()")
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.issues(step).first?.message?.contains("a.tar' could not be unpacked") == true)
            #expect(bench.printed(after).last?.trimmingWhitespace == "0")
        }
    }

    @Test("what cannot be packed or unpacked is refused before anything is lost")
    func refusals() async throws {
        try await JobBench.with { bench in
            bench.script("mkdir -p in; echo 1 > in/1; tar -czf in/a.tgz in/1; echo x > broken.tar.gz")
            let always = "always()"
            let wim = bench.add(
                ArchiveFilesTask.reference,
                ["rootFolderOrFile": "in", "archiveType": "wim", "archiveFile": "a.wim"]
            )
            let addition = bench.add(
                ArchiveFilesTask.reference,
                [
                    "rootFolderOrFile": "in", "archiveType": "tar", "archiveFile": "in/a.tgz",
                    "replaceExistingArchive": "false",
                ],
                condition: always
            )
            let inside = bench.add(
                ExtractFilesTask.reference,
                ["archiveFilePatterns": "in/a.tgz", "destinationFolder": "in"],
                condition: always
            )
            let broken = bench.add(
                ExtractFilesTask.reference,
                ["archiveFilePatterns": "broken.tar.gz", "destinationFolder": "out"],
                condition: always
            )
            let after = bench.script("ls in out", condition: always)
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.issues(wim).first?.message?.contains("'wim' cannot be made") == true)
            #expect(bench.issues(addition).first?.message?.contains("compressed tar archive") == true)
            #expect(bench.issues(inside).first?.message?.contains("is to be cleaned before") == true)
            #expect(bench.issues(broken).contains { $0.message?.contains("could not be unpacked: tar ended") == true })
            #expect(bench.printed(after).suffix(4) == ["in:", "1", "a.tgz", "", "out:"].suffix(4))
        }
    }
}
