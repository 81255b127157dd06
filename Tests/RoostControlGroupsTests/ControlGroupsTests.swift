import RoostModel
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
}
