namespace Gantry.Nuke.Parameters;

/// <summary>The targets that a command line names: those to run and those to skip.</summary>
internal static class CommandLineTargets
{
    private const char Separator = '+';

    /// <summary>Throws <c>GAN7042</c> for a target that does not exist; NUKE itself accepts any name after <c>--skip</c>.</summary>
    public static void Check(IReadOnlyCollection<string> targets, IReadOnlyCollection<string> listed)
    {
        var positional = CommandLine.Positional(EnvironmentInfo.CommandLineArguments).SelectMany(argument => argument.Split(Separator));
        string[] given = [.. positional, .. Named("target") ?? [], .. Named("skip") ?? []];
        foreach (var name in given.Where(name => !targets.Any(target => IsCalled(target, name))))
            throw ParameterErrors.UnknownTarget(name, Similarity.Nearest(name, targets), listed);
    }

    /// <summary>
    /// True when a target of the plan will run: its static conditions hold, and it was invoked or is not excluded by <c>--skip</c>.
    /// </summary>
    public static bool WillRun(ExecutableTarget target)
    {
        var skipped = Named("skip");
        var isSkipped = skipped is not null && (skipped.Length == 0 || skipped.Any(name => IsCalled(target.Name, name)));
        return (target.Invoked || !isSkipped) && target.StaticConditions.All(condition => condition.Item2());
    }

    private static bool IsCalled(string target, string name) => CommandLine.Normal(target) == CommandLine.Normal(name);

    private static string[]? Named(string parameter) =>
        EnvironmentInfo.HasArgument(parameter) ? EnvironmentInfo.GetNamedArgument<string[]>(parameter, Separator) ?? [] : null;
}
