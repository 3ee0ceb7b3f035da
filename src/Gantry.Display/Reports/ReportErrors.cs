namespace Gantry.Display.Reports;

/// <summary>Errors of the page about all environments: GAN443x.</summary>
internal static class ReportErrors
{
    public static GantryException PortTaken(int port, Exception cause) =>
        new("GAN4430",
            $"cannot serve the report at 127.0.0.1:{port}: {Format.OneLine(cause.Message)}",
            "end the program that uses the port, or name another port",
            cause);
}
