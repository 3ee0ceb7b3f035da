namespace Gantry.Nuke.Parameters;

/// <summary>The parameters that NUKE reads before any build object exists that could report what is wrong with them.</summary>
internal static class StartParameters
{
    /// <summary>Ends with <c>GAN7017</c> or <c>GAN7044</c> for a value that cannot be used.</summary>
    public static void Check()
    {
        // NUKE would make the folder.
        if (EnvironmentInfo.GetNamedArgument<string>("root") is { } root && !Directory.Exists(root))
            throw BuildErrors.NoRoot(root);

        try
        {
            _ = EnvironmentInfo.GetNamedArgument<Verbosity?>("verbosity");
            _ = EnvironmentInfo.GetNamedArgument<Host>("host");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Converters throw whatever they like; every one of them means that the text is no such value.
            throw BuildErrors.CannotStart(exception.GetBaseException());
        }
    }
}
