namespace Gantry.Nuke.Parameters;

/// <summary>The parameters that are read before a build object exists that could report what is wrong with them.</summary>
internal static class EarlyParameters
{
    /// <summary>
    /// Refuses a value that cannot be used: <c>GAN7044</c> for a root that is no folder, <c>GAN7046</c> for several values where one is taken,
    /// <c>GAN7017</c> for anything else.
    /// </summary>
    public static void Check()
    {
        // NUKE would create the folder.
        if (SingleValue("--root") is { } root && !Directory.Exists(root))
            throw BuildErrors.NoRoot(root);
        if (SingleValue("--verbosity") is not null)
            Convert<Verbosity?>("verbosity");
        if (SingleValue("--host") is not null)
            Convert<Host>("host");
    }

    private static string? SingleValue(string name)
    {
        var given = CommandLine.Find(CommandLine.Read(EnvironmentInfo.CommandLineArguments), name);
        return given is { Count: > 1 } ? throw BuildErrors.SeveralValues(name, given) : given?.SingleOrDefault();
    }

    private static void Convert<T>(string name)
    {
        try
        {
            _ = EnvironmentInfo.GetNamedArgument<T>(name);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Converters throw exceptions of any type; each means that the text is no such value.
            throw BuildErrors.CannotStart(exception.GetBaseException());
        }
    }
}
