using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Gantry.Azure.SignIn;
using Gantry.Signing;

namespace Gantry.Azure.KeyVault;

/// <summary>
/// The two requests to Azure Key Vault that are needed. The pipeline of the Azure libraries signs in, retries, and waits as long as the
/// service asks. The token is for vaults of this cloud only, and a redirect is not followed.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign">Azure Key Vault, sign</seealso>
internal sealed class KeyVaultClient
{
    private const string ApiVersion = "7.4";

    private readonly HttpPipeline _pipeline;
    private readonly AzureSessionOptions _options;

    public KeyVaultClient(TokenCredential credential, string domain, AzureSessionOptions options)
    {
        _options = options;
        var client = new KeyVaultClientOptions();
        options.Configure(client);
        _pipeline = HttpPipelineBuilder.Build(client, new BearerTokenAuthenticationPolicy(credential, $"https://{domain}/.default"));
    }

    /// <summary>Reads the public part of a key.</summary>
    public Task<KeyBundle> GetAsync(KeyVaultKeyReference key, string what, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Get, key, key.Text, null, KeyVaultJson.Default.KeyBundle, what, cancellationToken);

    /// <summary>Signs a digest with a version of a key.</summary>
    public Task<SignResult> SignAsync(KeyVaultKeyReference key, SignRequest request, string what, CancellationToken cancellationToken) =>
        SendAsync(
            RequestMethod.Post,
            key,
            key.Text + "/sign",
            RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(request, KeyVaultJson.Default.SignRequest)),
            KeyVaultJson.Default.SignResult,
            what,
            cancellationToken);

    private async Task<T> SendAsync<T>(
        RequestMethod method, KeyVaultKeyReference key, string address, RequestContent? content, JsonTypeInfo<T> type, string what,
        CancellationToken cancellationToken)
        where T : class
    {
        using var message = _pipeline.CreateMessage();
        message.BufferResponse = false;
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri($"{address}?api-version={ApiVersion}"));
        message.Request.Headers.SetValue("Accept", "application/json");
        if (content is not null)
        {
            message.Request.Content = content;
            message.Request.Headers.SetValue("Content-Type", "application/json");
        }

        var body = await SendAsync(message, key, what, cancellationToken);
        return message.Response.IsError
            ? throw KeyVaultErrors.Of((HttpStatusCode)message.Response.Status, FindError(body), key, what)
            : Read(body, type) ?? throw KeyVaultErrors.UnexpectedAnswer(key, what, "it is not the documented JSON");
    }

    private async Task<string> SendAsync(HttpMessage message, KeyVaultKeyReference key, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await _options.LimitAsync(
                async token =>
                {
                    await _pipeline.SendAsync(message, token);
                    return await ReadAsync(message.Response, key, what, token);
                },
                cancellationToken);
        }
        catch (AuthenticationFailedException exception)
        {
            throw SignInFailure.Of(exception);
        }
        catch (Exception exception)
            when (exception is RequestFailedException or AggregateException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw KeyVaultErrors.Unreachable(
                key,
                what,
                exception is OperationCanceledException ? "it does not answer" : exception.GetBaseException().Message.TrimEnd('.'),
                exception);
        }
    }

    // Credentials that were sent are masked in a refusal.
    private async Task<string> ReadAsync(Response response, KeyVaultKeyReference key, string what, CancellationToken cancellationToken)
    {
        if (response.ContentStream is not { } stream)
            return "";
        var buffer = new byte[Limits.AnswerBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > Limits.AnswerBytes)
            throw KeyVaultErrors.UnexpectedAnswer(
                key, what, $"it has more than {Format.Bytes(Limits.AnswerBytes)}, limit {nameof(Limits.AnswerBytes)}");
        var body = Encoding.UTF8.GetString(buffer, 0, length);
        return response.IsError ? _options.Secrets.Apply(body) : body;
    }

    private static VaultError? FindError(string body) => Read(body, KeyVaultJson.Default.VaultErrorBody)?.Error;

    private static T? Read<T>(string body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class KeyVaultClientOptions : ClientOptions;
}
