using Gantry.Promotion.Runs;

namespace Gantry.Cli;

/// <summary>Asks the person at the terminal. The question is beside the progress: the result alone goes to the output.</summary>
/// <param name="context">The context of the command.</param>
internal sealed class TerminalQuestion(CommandContext context) : IConfirmationPrompt
{
    private static readonly string[] s_services = ["CI", "TF_BUILD", "GITHUB_ACTIONS"];

    /// <summary>True when a person was asked, and said yes.</summary>
    public bool SaidYes { get; private set; }

    /// <summary>True on the machine of a person; false on a build server.</summary>
    public static bool IsPersonal => s_services.All(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    /// <inheritdoc/>
    public bool IsInteractive => context.CanAsk;

    /// <inheritdoc/>
    public async Task<bool> ConfirmAsync(IReadOnlyList<string> consequences, string question, CancellationToken cancellationToken)
    {
        foreach (var consequence in consequences)
            context.Error.WriteLine(consequence);
        context.Error.Write($"{question} Type 'yes' to continue: ");

        // A read from the terminal cannot be cancelled. After an interruption it is abandoned, and ends with the program.
        var answer = await Task.Run(context.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        SaidYes = answer == "yes";
        return SaidYes;
    }
}
