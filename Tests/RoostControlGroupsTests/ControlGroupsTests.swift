import Foundation
import RoostModel
import RoostTesting
import Testing

@testable import RoostControlGroups

@Suite("Control groups")
struct ControlGroupsTests {
    private let mounts = """
        30 24 0:26 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
        31 30 0:27 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw
        32 30 0:28 /jobs /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
        33 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct
        34 30 0:30 / /sys/fs/cgroup/systemd rw,nosuid - cgroup cgroup rw,xattr,name=systemd
        """

    @Test("both versions are found where they are mounted, and nothing outside of what is")
    func find() {
        let own = "9:name=systemd:/x\n8:pids:/\n4:memory:/jobs/7\n2:cpu,cpuacct:/\n0::/user/1\n"
        #expect(
            ControlGroups.find(own, mounts) == [
                .init(folder: "/sys/fs/cgroup/memory/7", controllers: [.memory], isSecondVersion: false),
                .init(folder: "/sys/fs/cgroup/cpu,cpuacct", controllers: [.cpu], isSecondVersion: false),
                .init(folder: "/sys/fs/cgroup/unified/user/1", controllers: [], isSecondVersion: true),
            ]
        )
        #expect(ControlGroups.find("4:memory:/elsewhere\n", mounts).isEmpty)
        #expect(ControlGroups.find("nonsense\n:::\n", "more nonsense - \n - - -\n").isEmpty)
    }

    @Test("limits are written as each version has them")
    func settings() {
        let size = MachineSize(milliProcessors: 1500, memory: 1 << 30, processes: 300)
        let all = Set(ControlGroups.Controller.allCases)
        let first = ControlGroups.settings(size, .init(folder: "/", controllers: all, isSecondVersion: false))
        #expect(
            first.map { "\($0.0)=\($0.1)" } == [
                "memory.limit_in_bytes=1073741824", "pids.max=300", "cpu.cfs_period_us=100000",
                "cpu.cfs_quota_us=150000",
            ]
        )
        let second = ControlGroups.settings(size, .init(folder: "/", controllers: all, isSecondVersion: true))
        #expect(second.map { "\($0.0)=\($0.1)" } == ["memory.max=1073741824", "pids.max=300", "cpu.max=150000 100000"])
        #expect(
            ControlGroups([.init(folder: "/", controllers: [.cpu], isSecondVersion: false)]).missing == [
                .memory, .pids,
            ]
        )
    }

    @Test("in the second version memory is taken back before anything is killed, and there is no swap beside it")
    func fences() {
        let size = MachineSize(memory: 64 << 20)
        let second = ControlGroups.fences(size, .init(folder: "/", controllers: [.memory], isSecondVersion: true))
        #expect(second.map { "\($0.0)=\($0.1)" } == ["memory.high=\(63 << 20)", "memory.swap.max=0"])
        let first = ControlGroups.fences(size, .init(folder: "/", controllers: [.memory], isSecondVersion: false))
        #expect(first.map { "\($0.0)=\($0.1)" } == ["memory.memsw.limit_in_bytes=\(64 << 20)"])
        let other = ControlGroups.Place(folder: "/", controllers: [.pids], isSecondVersion: true)
        #expect(ControlGroups.fences(size, other).isEmpty)
    }

    @Test("what went past a limit is read as each version counts it")
    func overruns() throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        #expect(GroupOverruns(of: [folder.path, "/nowhere"]) == GroupOverruns())
        try folder.write("low 0\nhigh 12\nmax 7\noom 3\noom_kill 2\noom_group_kill 0\n", to: "memory.events")
        try folder.write("max 5\n", to: "pids.events")
        var expected = GroupOverruns()
        (expected.kills, expected.refusals) = (2, 5)
        #expect(GroupOverruns(of: [folder.path]) == expected)
        let first = try ScratchFolder()
        defer { first.remove() }
        try first.write("oom_kill_disable 0\nunder_oom 0\noom_kill 4\n", to: "memory.oom_control")
        expected = GroupOverruns()
        expected.kills = 4
        #expect(GroupOverruns(of: [first.path]) == expected)
    }

    @Test(
        "a process joins a group whose limit it then meets, and the group goes with all that is in it",
        .enabled(if: ControlGroups.ofThisProcess().missing.isEmpty, "needs control groups")
    )
    func life() throws {
        let groups = ControlGroups.ofThisProcess()
        let id = "test-\(UUID().uuidString)"
        let folders = try groups.make(id, MachineSize(memory: 64 << 20, processes: 32), swaps: false)
        #expect(groups.names(beginning: "test-").contains(id))
        let child = try ChildProgram(executable: "/bin/sleep", ["1000"], folder: "/")
        try ControlGroups.join(folders, process: child.pid)
        let joined = try String(contentsOfFile: "/proc/\(child.pid)/cgroup", encoding: .utf8)
        #expect(joined.contains("/roost-\(id)"), "\(joined)")
        try groups.remove(id)
        #expect(!groups.names(beginning: "test-").contains(id))
        #expect(throws: ControlGroupFailure.self) { try ControlGroups.join(folders, process: getpid()) }
    }
}
