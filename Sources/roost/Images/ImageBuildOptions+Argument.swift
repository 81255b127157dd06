public import ArgumentParser
public import RoostImages

extension ImageBuildOptions.OnError: ExpressibleByArgument {}
