public import ArgumentParser
public import RoostImages

extension MachineBoot.Network: ExpressibleByArgument {}
extension MachineBoot.Accelerator: ExpressibleByArgument {}
extension MachineFirmware: ExpressibleByArgument {}
