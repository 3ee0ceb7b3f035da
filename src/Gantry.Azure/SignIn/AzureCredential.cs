using Azure.Core;
using Azure.Identity;
using Gantry.Http;

namespace Gantry.Azure.SignIn;

/// <summary>
/// The default sign-in to Azure, or that of a declared identity. Keeps the first sign-in method that works, and never prompts a person.
/// </summary>
internal sealed class AzureCredential : TokenCredential, IDisposable
{
    private readonly AzureSessionOptions _options;
    private readonly ServiceConnection _connection;
    private readonly IReadOnlyList<SignInMethod> _methods;
    private readonly SemaphoreSlim _choosing = new(1, 1);
    private volatile SignInMethod? _chosen;

    /// <summary>
    /// Creates a credential without signing in yet, or throws <c>GAN9008</c> when the task's service connection uses another application
    /// than the declared one.
    /// </summary>
    public AzureCredential(AzureIdentity identity, AzureCloud cloud, AzureSessionOptions options)
    {
        _options = options;
        _connection = ServiceConnection.Read(options.Variable, identity);
        _methods = SignInMethods.Find(identity, cloud, options, _connection);
    }

    /// <exception cref="NotSupportedException">Always: there is no blocking sign-in.</exception>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <exception cref="GantryException"><c>GAN9001</c>, <c>GAN9007</c>: there is no Azure sign-in; <c>GAN9002</c>: the sign-in
    /// failed.</exception>
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var token = await FindTokenAsync(requestContext, cancellationToken);
        _options.Log?.Invoke(
            $"token of Microsoft Entra ID, scope {string.Join(' ', requestContext.Scopes)}, until {Format.Time(token.ExpiresOn)}");
        return token;
    }

    public void Dispose() => _choosing.Dispose();

    private async ValueTask<AccessToken> FindTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (_chosen is { } chosen)
            return await AskAsync(chosen, requestContext, cancellationToken);

        await _choosing.WaitAsync(cancellationToken);
        try
        {
            return _chosen is { } meanwhile
                ? await AskAsync(meanwhile, requestContext, cancellationToken)
                : await ChooseAsync(requestContext, cancellationToken);
        }
        finally
        {
            _choosing.Release();
        }
    }

    private async ValueTask<AccessToken> AskAsync(
        SignInMethod method, TokenRequestContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await GetInTimeAsync(method, context, cancellationToken);
        }
        catch (AuthenticationFailedException exception)
        {
            throw SignInFailure.Of(method.Name, exception);
        }
    }

    private async Task<AccessToken> GetInTimeAsync(SignInMethod method, TokenRequestContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await _options.LimitAsync(token => method.Credential!.GetTokenAsync(context, token), cancellationToken);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AuthenticationFailedException($"There is no answer within {Format.Duration(_options.NoProgressTimeout)}.", exception);
        }
    }

    private async ValueTask<AccessToken> ChooseAsync(TokenRequestContext context, CancellationToken cancellationToken)
    {
        var said = new List<SignInFailure>();
        foreach (var method in _methods)
        {
            if (method.Credential is null)
            {
                said.Add(new SignInFailure(method.Name, method.UnavailableReason, null));
                continue;
            }

            try
            {
                var token = await GetInTimeAsync(method, context, cancellationToken);
                _chosen = method;
                _options.Notice?.Invoke(Describe(method, token.Token));
                return token;
            }
            catch (CredentialUnavailableException exception)
            {
                said.Add(new SignInFailure(method.Name, SignInFailure.Explain(exception), null));
            }
            catch (AuthenticationFailedException exception) when (!method.IsExplicit)
            {
                said.Add(new SignInFailure(method.Name, SignInFailure.Explain(exception), exception));
            }
            catch (AuthenticationFailedException exception)
            {
                throw SignInFailure.Of(method.Name, exception);
            }
        }

        throw SignInFailure.OfAll(said, _connection);
    }

    private string Describe(SignInMethod method, string token)
    {
        var application = JsonWebToken.FindText(token, "appid") ?? JsonWebToken.FindText(token, "azp");
        var who = JsonWebToken.FindText(token, "upn") ?? JsonWebToken.FindText(token, "unique_name")
            ?? (application is null ? null : $"application {application}");
        var tenant = JsonWebToken.FindText(token, "tid");
        var connection = _connection.IsIncomplete
            ? $"; the task's service connection is not used because {string.Join(", ", _connection.Missing)} is missing"
            : "";
        return $"Azure: signed in with {method.Name}{(who is null ? "" : $" as {who}")}"
            + $"{(tenant is null ? "" : $" in tenant {tenant}")}{connection}";
    }
}
