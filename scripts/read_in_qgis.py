"""What QGIS itself makes of a shapefile of ours and of /ogc: read, page, filter, edit. Prints one JSON object.

Usage: read_in_qgis.py SERVICE USER TOKEN SHAPEFILE CASE, with Debian's python3-qgis and QT_QPA_PLATFORM=offscreen.
"""

import json
import os
import sys
import time

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsAuthMethodConfig,
    QgsBlockingNetworkRequest,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorDataProvider,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QByteArray, QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest


def configured(user, token):
    """Keeps user and token as QGIS keeps passwords, and gives the id of that configuration."""
    manager = QgsApplication.authManager()
    manager.setMasterPassword("proof", True)
    config = QgsAuthMethodConfig("Basic")
    config.setName("guatu")
    config.setConfig("username", user)
    config.setConfig("password", token)
    assert manager.storeAuthenticationConfig(config), "the configuration is kept"
    return config.id()


def service_layer(service, name, auth, page):
    uri = f"url='{service}' typename='{name}' authcfg='{auth}' pagingEnabled='true' pageSize='{page}'"
    layer = QgsVectorLayer(uri, name, "OAPIF")
    assert layer.isValid(), f"{name}: QGIS opens the layer"
    return layer


def distinct(layer, field, request=None):
    return {f[field] for f in layer.getFeatures(request or QgsFeatureRequest())}


def edited(layer, service, auth, case):
    """Changes one attribute: in an edit session where this QGIS has them for OAPIF (3.32), else by QGIS's own network with the same login."""
    provider = layer.dataProvider()
    feature = next(f for f in layer.getFeatures() if f["code"] == case)
    if provider.capabilities() & QgsVectorDataProvider.ChangeAttributeValues:
        assert layer.startEditing()
        assert layer.changeAttributeValue(feature.id(), layer.fields().indexOf("batch"), "QGIS批次")
        assert layer.commitChanges(), layer.commitErrors()
        return "edit session"
    address = f"{service}/collections/cases/items?f=json&code={case}"
    asked = QgsBlockingNetworkRequest()
    asked.setAuthCfg(auth)
    assert asked.get(QNetworkRequest(QUrl(address))) == QgsBlockingNetworkRequest.NoError, asked.errorMessage()
    found = json.loads(bytes(asked.reply().content()))["features"][0]
    found["properties"]["batch"] = "QGIS批次"
    sent = QNetworkRequest(QUrl(f"{service}/collections/cases/items/{found['id']}"))
    sent.setHeader(QNetworkRequest.ContentTypeHeader, "application/geo+json")
    put = QgsBlockingNetworkRequest()
    put.setAuthCfg(auth)
    assert put.put(sent, QByteArray(json.dumps(found).encode())) == QgsBlockingNetworkRequest.NoError, put.errorMessage()
    return "PUT by its network: this version has no edit sessions for OAPIF"


def shapefile(path):
    layer = QgsVectorLayer(path, "shp", "ogr")
    assert layer.isValid(), "QGIS opens the shapefile"
    fields = [f.name() for f in layer.fields()]
    return {"fields": fields, "crs": layer.crs().authid(), "rows": [[str(v) for v in f.attributes()] for f in layer.getFeatures()][:50]}


def main():
    service, user, token, path, case = sys.argv[1:6]
    app = QgsApplication([], False)
    app.initQgis()
    auth = configured(user, token)
    began = time.time()
    parcels = service_layer(service, "parcels", auth, 500)
    codes = distinct(parcels, "code")
    paged = time.time() - began
    box = QgsRectangle(120.55, 30.6, 120.5595, 30.6095)
    said = {
        "version": Qgis.QGIS_VERSION,
        "count": parcels.featureCount(),
        "distinct": len(codes),
        "seconds": round(paged, 1),
        "in_box": len(distinct(service_layer(service, "parcels", auth, 500), "code", QgsFeatureRequest().setFilterRect(box))),
        "shapefile": shapefile(path),
    }
    filtered = service_layer(service, "parcels", auth, 500)
    assert filtered.setSubsetString("\"code\" LIKE 'M-03%'")
    said["filtered"] = len(distinct(filtered, "code"))
    said["edited"] = edited(service_layer(service, "cases", auth, 100), service, auth, case)
    print(json.dumps(said, ensure_ascii=False), flush=True)
    os._exit(0)  # layers outlive the application at an orderly end, and Qt does not like that


main()
