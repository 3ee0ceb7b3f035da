using System.CommandLine;

namespace Gantry.Cli.Images;

/// <summary><c>gantry inspect</c>: shows an image and its referrers.</summary>
internal sealed class InspectCommand
{
    private readonly ImageArguments _image = new("The image to show.");
    private readonly Option<bool> _raw = new("--raw")
    {
        Description = "Write the manifest exactly as it is stored, and nothing else.",
    };

    private readonly Option<bool> _config = new("--config")
    {
        Description = "Write the configuration exactly as it is stored, and nothing else.",
    };

    private readonly Option<OutputFormat> _format = CopyArguments.CreateFormat();

    public static Command Create(CommandContext context) => new InspectCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        var command = new Command(
            "inspect",
            "Shows an image: digest, platforms, dates, layers, base image, entrypoint, labels, annotations and referrers.")
        {
            _raw, _config, _format,
        };
        _image.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_raw) && result.GetValue(_config))
                result.AddError("--raw and --config do not go together");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = _image.Open(context, parsed);
        var found = await _image.FindAsync(parsed, session, cancellationToken);
        var name = $"{found.Repository.Location}@{found.Digest}";
        if (parsed.GetValue(_raw))
        {
            context.WriteStored(found.Root.Bytes, name, endsLine: false);
            return ExitCodes.Success;
        }

        if (parsed.GetValue(_config))
        {
            var config = await ImageConfiguration.ReadAsync(found.Repository, found.Root, cancellationToken)
                ?? throw CliErrors.NoConfiguration(found.Repository.Location, found.Digest);
            context.WriteStored(config.Bytes, name, endsLine: false);
            return ExitCodes.Success;
        }

        var described = await DescribedImage.ReadAsync(found, cancellationToken);
        if (parsed.GetValue(_format) == OutputFormat.Json)
            context.Out.WriteJson(described.ToJson());
        else
            described.WriteTo(context.Out);
        if (described.Problem is { } problem)
            context.Write(parsed, problem, problem.Message);
        return described.Problem is null ? ExitCodes.Success : ExitCodes.Failure;
    }
}
