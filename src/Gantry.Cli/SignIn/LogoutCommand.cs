using System.CommandLine;
using System.Text.Json.Nodes;

namespace Gantry.Cli.SignIn;

/// <summary><c>gantry logout</c>: removes the credential for a registry.</summary>
internal static class LogoutCommand
{
    public static Command Create(CommandContext context)
    {
        var registry = RegistryArgument.Create();
        var format = CopyArguments.CreateFormat();
        var command = new Command("logout", "Signs out of a registry: removes its credential from where docker login stores it.")
        {
            registry, format,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var host = RegistryArgument.HostOf(parsed, registry);
            var wasStored = await context.DockerConfig.EraseAsync(host, cancellationToken);
            if (parsed.GetValue(format) == OutputFormat.Json)
                context.Out.WriteJson(new JsonObject { ["schema"] = 1, ["registry"] = host, ["removed"] = wasStored });
            else if (!parsed.GetValue(context.Quiet))
                context.Out.WriteLine(wasStored ? $"Signed out of {host}." : $"There was no credential for {host}.");
            return ExitCodes.Success;
        });
        return command;
    }
}
