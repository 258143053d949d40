using Amqp;
using Amqp.Framing;
using Perennial.Hub.Methods;
using Perennial.Hub.Sessions;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Amqp.Devices;

/// <summary>The direct methods of one device: requests on the link that it receives on, responses on the other (hub-protocol §3.4).</summary>
internal sealed class MethodLinks(InvokeMethod methods, DeviceId id)
{
    private const string Name = "IoThub-methodname";
    private const string Status = "IoThub-status";

    private readonly ReplyLinks _requests = new();

    public bool AreTaken => _requests.Any;

    public IOutgoingEndpoint Open(Action ended) => _requests.Open(() => methods.NoteReady(id), ended);

    public void Send(MethodCall call)
    {
        var message = new Message
        {
            BodySection = new Data { Binary = call.Payload.ToArray() },
            Properties = new Properties(),
            ApplicationProperties = new ApplicationProperties(),
        };
        message.Properties.SetCorrelationId(call.Id);
        message.ApplicationProperties[Name] = call.Name;
        _requests.Post(message);
    }

    /// <summary>Takes a response. Its correlation id is that of the request, as a UUID or as its text.</summary>
    public Task<Outcome> TakeAsync(IncomingMessage message, CancellationToken _)
    {
        var response = message.Decode();
        var correlation = response.Properties?.GetCorrelationId();
        if ((correlation is Guid call || Guid.TryParse(correlation as string, out call))
            && response.ApplicationProperties?[Status] is IConvertible status
            && int.TryParse(AmqpContent.TextOf(status), out var code)
            && AmqpContent.TryReadBody(response, out var body))
        {
            methods.Answer(id, call, code, body.Span);
            return Task.FromResult<Outcome>(new Accepted());
        }

        return Task.FromResult<Outcome>(AmqpErrors.Reject(AmqpErrors.ArgumentError, "The response has no correlation id or no status."));
    }
}
