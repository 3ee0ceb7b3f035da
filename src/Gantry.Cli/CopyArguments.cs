using System.CommandLine;
using System.Globalization;
using Gantry.Copying;
using Gantry.Display;

namespace Gantry.Cli;

/// <summary>The options that several commands share, so that they are the same everywhere.</summary>
internal sealed class CopyArguments
{
    /// <summary>The file that the target ExportEnvironments of a build writes, relative to its root.</summary>
    public static readonly string DefaultEnvironments = Path.Combine("artifacts", "environments.json");

    private readonly Option<bool> _noReferrers = new("--no-referrers")
    {
        Description = "Leave out referrers of the image: signatures, SBOMs, attestations.",
    };
    private readonly Option<bool> _noCosign = new("--no-cosign-tags")
    {
        Description = "Leave out cosign's legacy tags (sha256-....sig, .att, .sbom).",
    };
    private readonly Option<bool> _foreign = new("--foreign-layers") { Description = "Also copy non-distributable (foreign) layers." };
    private readonly Option<int> _concurrency = new("--concurrency")
    {
        Description = "Number of blobs to transfer at once.",
        DefaultValueFactory = _ => new CopyOptions().MaximumConcurrentBlobs,
    };
    private readonly Option<string[]> _plainHttp = CreatePlainHttp();
    private readonly Option<ProgressStyle> _progress = CreateProgress();

    private readonly Option<OutputFormat> _format = CreateCheckFormat();

    /// <summary>Creates the option for the format of the result.</summary>
    public static Option<OutputFormat> CreateFormat()
    {
        var format = new Option<OutputFormat>("--format")
        {
            Description = "The format of the result: text for people (the default), or json for programs.",
            HelpName = "text|json",
        };
        format.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Enum.TryParse<OutputFormat>(token.Value, ignoreCase: true, out var named)
                && named is OutputFormat.JUnit or OutputFormat.Sarif)
                result.AddError($"--format {token.Value} is for plans and verifications: use text or json.");
        });
        return format;
    }

    private static Option<OutputFormat> CreateCheckFormat() => new("--format")
    {
        Description = "The format of the result: text for people (the default), json for programs, or the checks in it as junit or sarif.",
        HelpName = "text|json|junit|sarif",
    };

    /// <summary>Creates the option for the way to show progress.</summary>
    public static Option<ProgressStyle> CreateProgress() => new("--progress")
    {
        Description = "How to show progress: bars on a terminal and lines elsewhere (auto, the default), bars, lines, or none.",
        HelpName = "auto|bars|lines|none",
    };

    /// <summary>Creates the option for hosts without TLS.</summary>
    public static Option<string[]> CreatePlainHttp() => new("--plain-http")
    {
        Description = "A host, with its port, to connect to without TLS; loopback hosts do not need this option.",
        HelpName = "host",
    };

    /// <summary>Creates the option for the file with the declaration of the environments.</summary>
    public static Option<string> CreateEnvironmentsFile() => new("--environments")
    {
        Description = "The file with the environments and their keys, which the target ExportEnvironments of the build writes.",
        HelpName = "file",
        DefaultValueFactory = _ => DefaultEnvironments,
    };

    /// <summary>Creates an argument that rejects unknown options instead of accepting them as values.</summary>
    public static Argument<T> Argument<T>(string name, string description)
    {
        var argument = new Argument<T>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
                result.AddError($"There is no option '{token.Value}'.");
        });
        return argument;
    }

    /// <summary>Rejects numbers outside of a range; what is no number is rejected anyway.</summary>
    public static void RequireRange(Option option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token]
            && int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            && (number < least || number > most))
            result.AddError($"{option.Name} must be between {least} and {most}.");
    });

    public void AddTo(Command command)
    {
        RequireRange(_concurrency, 1, 64);
        foreach (var option in new Option[] { _noReferrers, _noCosign, _foreign, _concurrency, _plainHttp, _progress, _format })
            command.Options.Add(option);
    }

    public CopyOptions Options(ParseResult parsed) => new()
    {
        Referrers = !parsed.GetValue(_noReferrers),
        CosignTags = !parsed.GetValue(_noCosign),
        NonDistributableLayers = parsed.GetValue(_foreign),
        MaximumConcurrentBlobs = parsed.GetValue(_concurrency),
    };

    public IReadOnlyList<string> PlainHttp(ParseResult parsed) => parsed.GetValue(_plainHttp) ?? [];

    /// <summary>Returns the format of the result.</summary>
    public OutputFormat Format(ParseResult parsed) => parsed.GetValue(_format);

    public ProgressStyle Progress(ParseResult parsed) => parsed.GetValue(_progress);
}
