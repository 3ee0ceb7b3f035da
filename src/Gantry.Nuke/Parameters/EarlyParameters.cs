namespace Gantry.Nuke.Parameters;

/// <summary>The parameters that are read before a build object exists and could report errors in them.</summary>
internal static class EarlyParameters
{
    /// <summary>
    /// Throws <c>GAN7044</c> for a root that is not a folder, <c>GAN7046</c> for several values of a single-value parameter, and
    /// <c>GAN7017</c> for any other invalid value.
    /// </summary>
    public static void Check()
    {
        // NUKE would create the folder.
        if (SingleValue("--root") is { } root && !Directory.Exists(root))
            throw ParameterErrors.NoRoot(root);
        if (SingleValue("--verbosity") is not null)
            Convert<Verbosity?>("verbosity");
        if (SingleValue("--host") is not null)
            Convert<Host>("host");
    }

    private static string? SingleValue(string name)
    {
        var given = CommandLine.Find(CommandLine.Read(EnvironmentInfo.CommandLineArguments), name);
        return given is { Count: > 1 } ? throw ParameterErrors.SeveralValues(name, given) : given?.SingleOrDefault();
    }

    private static void Convert<T>(string name)
    {
        try
        {
            _ = EnvironmentInfo.GetNamedArgument<T>(name);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Converters throw exceptions of any type; each of them means that the value is not valid.
            throw ParameterErrors.CannotStart(exception.GetBaseException());
        }
    }
}
