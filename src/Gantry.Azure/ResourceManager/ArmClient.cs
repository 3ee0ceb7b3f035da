using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Gantry.Azure.SignIn;

namespace Gantry.Azure.ResourceManager;

/// <summary>
/// A client for the few requests to Azure Resource Manager that are needed. The pipeline of the Azure libraries signs in, retries, and
/// waits as long as the service asks.
/// </summary>
/// <seealso href="https://learn.microsoft.com/rest/api/azure/">Azure REST API reference</seealso>
internal sealed class ArmClient
{
    private readonly AzureCloud _cloud;
    private readonly HttpPipeline _pipeline;
    private readonly AzureSessionOptions _options;
    private readonly TimeProvider _time;
    private readonly SecretMask _secrets;

    public ArmClient(TokenCredential credential, AzureCloud cloud, AzureSessionOptions options)
    {
        _cloud = cloud;
        _options = options;
        _time = options.TimeProvider;
        _secrets = options.Secrets;
        var client = new ArmClientOptions();
        options.Configure(client);
        _pipeline = HttpPipelineBuilder.Build(client, new BearerTokenAuthenticationPolicy(credential, cloud.ResourceManagerScope));
    }

    /// <summary>Reads a resource. Returns null when it does not exist.</summary>
    /// <param name="path">The path of the resource: <c>/subscriptions/…</c>.</param>
    /// <param name="apiVersion">The version of the API.</param>
    /// <param name="type">The type of the response.</param>
    /// <param name="what">The action of the request, for messages: <c>reading the web app contoso-prod</c>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<T?> FindAsync<T>(
        string path, string apiVersion, JsonTypeInfo<T> type, string what, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await SendAsync(RequestMethod.Get, Address(path, apiVersion), null, what, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? null : answer.EnsureSuccess().Read(type);
    }

    /// <summary>Sends a request and reads the response.</summary>
    public async Task<TAnswer> SendAsync<TBody, TAnswer>(
        RequestMethod method, string path, string apiVersion, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType,
        string what, CancellationToken cancellationToken)
        where TAnswer : class
    {
        var answer = await SendAsync(method, Address(path, apiVersion), Serialize(body, bodyType), what, cancellationToken);
        return answer.EnsureSuccess().Read(answerType);
    }

    /// <summary>Sends a request and waits until the operation that it started has ended.</summary>
    /// <returns>True when the end was observed. False when the service reports only that the operation has begun, or when this identity may
    /// not read its state.</returns>
    /// <exception cref="GantryException"><c>GAN9011</c> to <c>GAN9016</c>: the request failed; <c>GAN9017</c>: the operation failed;
    /// <c>GAN9018</c>: the operation did not end in time.</exception>
    public async Task<bool> RunAsync<TBody>(
        RequestMethod method, string path, string apiVersion, TBody body, JsonTypeInfo<TBody> bodyType, string what,
        CancellationToken cancellationToken)
    {
        var answer = await SendAsync(method, Address(path, apiVersion), Serialize(body, bodyType), what, cancellationToken);
        return await new ArmOperation(this, _time).WaitAsync(answer.EnsureSuccess(), cancellationToken);
    }

    /// <summary>Reads the state of an operation at the address that the service gave.</summary>
    /// <exception cref="GantryException"><c>GAN9016</c>: the address does not belong to Azure Resource Manager. The token is not sent to
    /// other hosts.</exception>
    public Task<ArmResponse> FollowAsync(string address, string what, CancellationToken cancellationToken)
    {
        var own = _cloud.ResourceManager.Host;
        if (!TryResolve(address, out var uri)
            || uri.Scheme != Uri.UriSchemeHttps
            || !(uri.Host.Equals(own, StringComparison.OrdinalIgnoreCase)
                || uri.Host.EndsWith("." + own, StringComparison.OrdinalIgnoreCase)))
            throw ArmErrors.UnexpectedAnswer(what, HttpStatusCode.Accepted, "it refers to an address that is not its own");
        return SendAsync(RequestMethod.Get, uri, null, what, cancellationToken);
    }

    // A signed address is sent back byte for byte: Uri would rewrite its escapes.
    private bool TryResolve(string address, [NotNullWhen(true)] out Uri? uri) =>
        address.StartsWith(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)
            ? Uri.TryCreate(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out uri)
            : Uri.TryCreate(_cloud.ResourceManager, address, out uri);

    private Uri Address(string path, string apiVersion) => new(_cloud.ResourceManager, $"{path}?api-version={apiVersion}");

    private static RequestContent Serialize<T>(T body, JsonTypeInfo<T> type) =>
        RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(body, type));

    private async Task<ArmResponse> SendAsync(
        RequestMethod method, Uri uri, RequestContent? content, string what, CancellationToken cancellationToken)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(uri);
        message.Request.Headers.SetValue("Accept", "application/json");
        if (content is not null)
        {
            message.Request.Content = content;
            message.Request.Headers.SetValue("Content-Type", "application/json");
        }

        try
        {
            await _options.LimitAsync(
                async token =>
                {
                    await _pipeline.SendAsync(message, token);
                    return message.Response;
                },
                cancellationToken);
        }
        catch (Exception exception)
            when (exception is RequestFailedException or AggregateException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ArmErrors.Unreachable(
                _cloud.ResourceManager.Host,
                what,
                exception is OperationCanceledException ? "it does not answer" : exception.GetBaseException().Message,
                exception);
        }

        return ArmResponse.Of(message.Response, what, _time.GetUtcNow(), _secrets);
    }

    private sealed class ArmClientOptions : ClientOptions;
}
