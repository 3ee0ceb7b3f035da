using System.CommandLine;
using System.Text.Json.Nodes;
using Gantry.Registries;

namespace Gantry.Cli.SignIn;

/// <summary><c>gantry login</c>: verifies a credential, and stores it where Docker does.</summary>
internal sealed class LoginCommand
{
    private readonly Argument<string> _registry = RegistryArgument.Create();
    private readonly Option<string?> _user = new("--username", "-u") { Description = "The user name.", HelpName = "name" };
    private readonly Option<bool> _passwordInput = new("--password-stdin") { Description = "Read the password from the standard input." };
    private readonly Option<string?> _password = new("--password", "-p") { Hidden = true };
    private readonly Option<bool> _noVerify = new("--no-verify")
    {
        Description = "Store the credential without asking the registry whether it accepts it.",
    };

    private readonly Option<string[]> _plainHttp = CopyArguments.CreatePlainHttp();
    private readonly Option<OutputFormat> _format = CopyArguments.CreateFormat();

    public static Command Create(CommandContext context) => new LoginCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        var command = new Command(
            "login", "Signs in to a registry: verifies the credential, and stores it where docker login does, so that both find it.")
        {
            _registry, _user, _passwordInput, _password, _noVerify, _format, _plainHttp,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var host = RegistryArgument.HostOf(parsed, _registry);
        if (parsed.GetValue(_password) is not null)
            throw SignInErrors.PasswordOnCommandLine(host);
        var credential = Read(context, parsed, host, cancellationToken);
        if (!parsed.GetValue(_noVerify))
            await VerifyAsync(context, parsed, host, credential, cancellationToken);
        var store = await context.DockerConfig.StoreAsync(host, credential, cancellationToken);
        if (parsed.GetValue(_format) == OutputFormat.Json)
            context.Out.WriteJson(new JsonObject
            {
                ["schema"] = 1,
                ["registry"] = host,
                ["user"] = credential.UserName,
                ["verified"] = !parsed.GetValue(_noVerify),
                ["store"] = store,
            });
        else if (!parsed.GetValue(context.Quiet))
            context.Out.WriteLine($"Signed in to {host} as {credential.UserName}. The credential is in {store}.");
        return ExitCodes.Success;
    }

    private PasswordCredential Read(
        CommandContext context, ParseResult parsed, string host, CancellationToken cancellationToken)
    {
        var isPiped = parsed.GetValue(_passwordInput);
        var user = parsed.GetValue(_user) ?? (isPiped || !context.CanAsk ? null : PasswordReader.AskUser(context, host));
        if (string.IsNullOrWhiteSpace(user))
            throw SignInErrors.NoUser(host);
        if (user.Contains(':', StringComparison.Ordinal))
            throw SignInErrors.UserWithColon(host);
        var password = isPiped ? PasswordReader.ReadAll(context)
            : context.CanAsk ? PasswordReader.AskPassword(context, host, cancellationToken)
            : throw SignInErrors.NoPassword(host);
        return string.IsNullOrEmpty(password) ? throw SignInErrors.EmptyPassword(host) : new PasswordCredential(user, password);
    }

    // The entry of the API answers every signed-in user; a registry with tokens gives one for no repository.
    private async Task VerifyAsync(
        CommandContext context, ParseResult parsed, string host, PasswordCredential credential, CancellationToken cancellationToken)
    {
        await using var session = context.Open(parsed, parsed.GetValue(_plainHttp) ?? [], [new FixedCredential(host, credential)]);
        var answer = await session.SendAsync(
            new RegistryApiRequest { Host = host, Method = HttpMethod.Get, Path = "/v2/", Scope = "", What = "signing in" },
            cancellationToken);
        if (answer.Refusal is { } reason)
            throw SignInErrors.Refused(host, reason);
    }

    private sealed class FixedCredential(string host, PasswordCredential credential) : ICredentialSource
    {
        public ValueTask<RegistryCredential?> FindAsync(string asked, CancellationToken cancellationToken) =>
            new(asked.Equals(host, StringComparison.OrdinalIgnoreCase) ? credential : null);
    }
}
