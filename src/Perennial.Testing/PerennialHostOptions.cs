using System.Net;

namespace Perennial.Testing;

/// <summary>What a <see cref="PerennialHost"/> is started with.</summary>
public sealed record PerennialHostOptions
{
    /// <summary>
    /// The clock of the service; default the system's. A fake one decides when certificates and tokens expire and when silence is too long. It should
    /// start near the present, since a device's own TLS still reads the system's clock.
    /// </summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>True: hubs know only the leaf of the last registration, as Azure's do. False: they take what the enrollment attests.</summary>
    public bool AzureMode { get; init; }

    /// <summary>
    /// The names of the hubs, at least one. The only hub is reached as <c>localhost</c>; of several, each as <c>{name}.localhost</c>, which a
    /// device must be led to <see cref="Address"/>.
    /// </summary>
    public IReadOnlyList<string> Hubs { get; init; } = ["hub"];

    /// <summary>The address to listen on; default 127.0.0.1. Another of the loopback, with fixed ports, lets several hosts serve devices that choose no port.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port of MQTT over TLS; 0, the default, takes a free one. Azure's is 8883.</summary>
    public int MqttPort { get; init; }

    /// <summary>The port of AMQP over TLS; 0, the default, takes a free one. Azure's is 5671.</summary>
    public int AmqpPort { get; init; }

    /// <summary>The port of HTTPS and of WebSockets; 0, the default, takes a free one. Azure's is 443.</summary>
    public int HttpsPort { get; init; }

    /// <summary>How long a wait for a fact may take, by the system's clock; default 30 seconds.</summary>
    public TimeSpan WaitLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the service logs; default nowhere.</summary>
    public TextWriter Log { get; init; } = TextWriter.Null;
}
