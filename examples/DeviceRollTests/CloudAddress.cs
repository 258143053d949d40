using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace DeviceRollTests;

/// <summary>What the device's settings hold: in the field these name Azure or your own Perennial.</summary>
public sealed record CloudAddress(string ProvisioningHost, string IdScope, IPAddress Address, int HttpsPort, int MqttPort, X509Certificate2 Root);
