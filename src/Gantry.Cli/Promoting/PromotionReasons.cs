using System.CommandLine;
using Gantry.Promotion;

namespace Gantry.Cli.Promoting;

/// <summary>The options with which a person lets a promotion pass what would stop it, each with a reason that is recorded.</summary>
internal sealed class PromotionReasons
{
    private readonly Option<string?> _approve = Reason("--approve", "Reason why the release may pass the gates, instead of a question.");

    private readonly Option<string?> _overrideSoak = Reason("--override-soak", "Reason for not waiting for the soak time.");

    private readonly Option<string?> _breakGlass = Reason(
        "--break-glass", "Reason for skipping, in an emergency, an environment or checks that do not hold.");

    private readonly Option<string?> _goBack = Reason("--go-back", "Reason for going back to an older release than the current one.");

    private readonly Option<string?> _moveTag = Reason("--move-tag", "Reason for moving a tag that exists with another digest.");

    private readonly Option<bool> _unlockTags = new("--unlock-tags")
    {
        Description = "Unlock a locked tag in order to move it, together with --move-tag.",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _approve, _overrideSoak, _breakGlass, _goBack, _moveTag, _unlockTags })
            command.Options.Add(option);
    }

    /// <summary>Returns the reason of an approval given in advance; null for none.</summary>
    public string? Approval(ParseResult parsed) => parsed.GetValue(_approve);

    /// <summary>Returns the request with the reasons.</summary>
    public PromotionRequest Apply(ParseResult parsed, PromotionRequest request) => request with
    {
        OverrideSoakReason = parsed.GetValue(_overrideSoak),
        BreakGlassReason = parsed.GetValue(_breakGlass),
        GoBackReason = parsed.GetValue(_goBack),
        MoveTagReason = parsed.GetValue(_moveTag),
        UnlocksTags = parsed.GetValue(_unlockTags),
    };

    private static Option<string?> Reason(string name, string description) =>
        new(name) { Description = description + " It is recorded.", HelpName = "reason" };
}
