import Foundation
import RoostTesting
import Testing

/// A short fault run; `make faults` has the long one.
@Suite("An elastic pool while everything around it fails", .timeLimit(.minutes(5)))
struct FaultRunTests {
    @Test("no job is lost or finished twice, the pool becomes what it should be, nothing stays behind")
    func short() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        // Other tests want the processors at the same time: how fast the pool settles is for the long run to say.
        let words = [
            "run", "--seed", "11", "--jobs", "4", "--run-jobs", "4", "--pause", "1200", "--after", "1", "--limit",
            "120",
        ]
        let program = try ChildProgram("roost-faults", words, folder: folder.path)
        let (code, output) = await program.finished()
        #expect(code == 0, "\(output)")
    }
}
