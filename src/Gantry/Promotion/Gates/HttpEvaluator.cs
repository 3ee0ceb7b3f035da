using System.Net.Http.Headers;
using Gantry.Deployments;
using Gantry.Environments;
using Gantry.Http;

namespace Gantry.Promotion.Gates;

/// <summary>Asks the endpoint of a gate, once. Only a success with a complete answer in time can hold.</summary>
internal sealed class HttpEvaluator : CheckedEvaluator<HttpGate>
{
    /// <summary>The environment variables that secrets are read from.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    protected override async Task<GateEvaluation> EvaluateAsync(HttpGate gate, GateContext context, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(gate.TimeLimit, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // The limit is for the whole answer: for the client, each byte of a slow one is progress.
            using var client = new HookClient(context.Time, handler: null, gate.TimeLimit * 2, log: null);
            using var request = CreateRequest(gate, GateQuestion.Of(context.Request));
            return await client.SendOnceAsync(
                request,
                failure => new UnansweredException(HookClient.Explain(failure)),
                (answer, token) => ReadAsync(answer, gate, token),
                both.Token);
        }
        catch (UnansweredException exception)
        {
            return GateEvaluation.DoesNotHold(Format.Line($"there is no answer: {Mask(exception.Message, gate)}"));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return GateEvaluation.DoesNotHold($"there is no answer within {Format.Duration(gate.TimeLimit)}");
        }
    }

    private async Task<GateEvaluation> ReadAsync(HttpAnswer answer, HttpGate gate, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccess)
            return GateEvaluation.DoesNotHold($"it answers with status {(int)answer.StatusCode}");
        if (GateAnswer.TryRead(await HookClient.ReadAsync(answer, cancellationToken)) is not { } read)
            return GateEvaluation.DoesNotHold("""its answer is not one such as {"holds": true, "reason": "approved"}""");
        var reason = Format.Line($"{Format.OneLine(Mask(read.Reason, gate))}");
        return read.Holds ? GateEvaluation.Holds(reason) : GateEvaluation.DoesNotHold(reason);
    }

    private HttpRequestMessage CreateRequest(HttpGate gate, GateQuestion question)
    {
        var method = gate.UsesGet ? HttpMethod.Get : HttpMethod.Post;
        var request = HookAddress.CreateRequest(method, gate.Url, gate.Headers, gate.Description, Variable);
        if (gate.UsesGet)
        {
            request.RequestUri = HttpAddress.AddQuery(
                request.RequestUri!,
                $"release={Uri.EscapeDataString(question.Release)}&environment={Uri.EscapeDataString(question.Environment)}");
            return request;
        }

        request.Content = new ByteArrayContent(question.ToJson());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    // An endpoint that repeats a secret must not bring it into the record.
    private string Mask(string text, HttpGate gate)
    {
        var secrets = new SecretMask();
        foreach (var name in gate.Variables)
            secrets.Add(VariableExpander.Expand($"$({name})", gate.Description, Variable));
        return secrets.Apply(text);
    }

    private sealed class UnansweredException(string reason) : Exception(reason);
}
