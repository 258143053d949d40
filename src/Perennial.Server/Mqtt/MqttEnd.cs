namespace Perennial.Server.Mqtt;

/// <summary>Which end of a connection a channel is; decides what it may receive.</summary>
internal enum MqttEnd
{
    Server,
    Client,
}
