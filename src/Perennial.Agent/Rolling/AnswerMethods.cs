using System.Text.Json.Nodes;
using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;
using Perennial.Protocol.Rolling;

namespace Perennial.Agent.Rolling;

/// <summary>
/// Follows the direct methods <c>rollCertificate</c> and <c>rollBackCertificate</c>, whose payload is the window. An agent beside another program takes no methods: those are the other's.
/// </summary>
internal sealed class AnswerMethods(Device device)
{
    private const string Roll = "rollCertificate";
    private const string RollBack = "rollBackCertificate";

    private static readonly (int Status, string Sentence) Remembered = (200, "The window is remembered.");

    /// <summary>Answers what was called since the last time.</summary>
    public async Task ExecuteAsync(HubConnection connection, CancellationToken cancellationToken)
    {
        if (!device.Configuration.StaysConnected)
        {
            return;
        }

        try
        {
            await connection.TakeMethodsAsync(cancellationToken);
        }
        catch (ExchangeException failure) when (failure.Kind == FailureKind.Refused)
        {
            device.Log.Tell($"No methods: {failure.Message}.");
        }

        while (connection.Methods.TryRead(out var call))
        {
            var (status, sentence) = Answer(call);
            await connection.AnswerAsync(call, status, new JsonObject { ["message"] = sentence }, cancellationToken);
        }
    }

    private (int Status, string Sentence) Answer(MethodCall call) => call.Name switch
    {
        Roll => AnswerRoll(call),
        RollBack => AnswerBack(call),
        _ => (404, $"perennial-agent knows the methods {Roll} and {RollBack} only."),
    };

    private (int Status, string Sentence) AnswerBack(MethodCall call)
    {
        if (RollWindow.From(RollWindowDocument.FindBack(call.Payload)) is not { } window)
        {
            return (400, $"The payload is to hold {RollWindowDocument.BackMember} with notBefore and notAfter.");
        }

        // A caller that missed the answer calls again.
        if (device.State.Back?.Window != window)
        {
            device.Journal.Write(state => state with { Back = new() { Window = window } });
            device.Log.Tell($"The service calls for the certificate before, {window}.");
        }

        return Remembered;
    }

    private (int Status, string Sentence) AnswerRoll(MethodCall call)
    {
        if (RollWindow.From(RollWindowDocument.Find(call.Payload)) is not { } window)
        {
            return (400, $"The payload is to hold {RollWindowDocument.Member} with notBefore and notAfter.");
        }

        device.Journal.Write(state => state with { Window = window, IsWindowOfTwin = false });
        device.Log.Tell($"The service calls for the certificate to be rolled {window}.");
        return Remembered;
    }
}
