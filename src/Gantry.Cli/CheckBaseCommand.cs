using System.CommandLine;
using Gantry.Display;
using Gantry.Images.Checking;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Status;
using Gantry.Verification;

namespace Gantry.Cli;

/// <summary><c>gantry check-base</c>: shows which releases in environments stand on a base image that has moved on.</summary>
internal sealed class CheckBaseCommand
{
    private readonly Option<string[]> _registries = new("--base-image-registry")
    {
        Description = "A registry host that may be asked for base images, besides those of the declaration. No other one is asked, "
            + "whatever an image records.",
        HelpName = "host",
    };

    private readonly Option<bool> _noPackages = new("--no-packages")
    {
        Description = "Do not compare the packages of base images that have moved on, for which their layers are read completely.",
    };

    private readonly SeeingArguments _seeing = new();

    private CheckBaseCommand()
    {
    }

    public static Command Create(CommandContext context)
    {
        var check = new CheckBaseCommand();
        var command = new Command(
            "check-base",
            "Shows which releases in environments stand on a base image whose tag has moved on, since when, and which packages changed. "
                + "The exit code is 8 when there are any.")
        {
            check._registries, check._noPackages,
        };
        check._seeing.AddTo(command);
        command.SetAction((parsed, cancellationToken) => check.RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = _seeing.Open(context, parsed);
        var policy = await _seeing.ReadPolicyAsync(context, parsed, session, cancellationToken);
        var client = CachedRegistryClient.OfUser(session);
        var status = await new StatusReader(client, policy, context.Time).ReadAsync(version: null, cancellationToken);
        var options = new CheckOptions
        {
            Registries = [.. HostsOf(policy), .. parsed.GetValue(_registries) ?? []],
            ComparePackages = !parsed.GetValue(_noPackages),
        };
        var checker = new BaseImageChecker(client, options) { Open = (target, image) => client.Open(target.Address, image) };
        var report = await checker.CheckAsync(status, cancellationToken);
        ReportOutput.Write(
            context.Report, _seeing.Format(parsed), BaseImageReportFormatter.Describe(report), BaseImageReportDocument.Of(report));

        // What could not be read must not look current to a script.
        return report.Moved.Count > 0 ? ExitCodes.MovedBaseImage
            : report.Failures.Count + report.Unreadable.Count > 0 ? ExitCodes.Failure
            : ExitCodes.Success;
    }

    private static IEnumerable<string> HostsOf(VerificationPolicy policy) => policy.Targets.Select(target => target.Address)
        .Append(policy.Base)
        .OfType<HostAddress>()
        .Select(address => address.Host)
        .Distinct(StringComparer.OrdinalIgnoreCase);
}
